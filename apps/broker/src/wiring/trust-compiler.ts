import {
  compileTrust,
  type BackgroundPolicyCompiler,
  type LiveRelease,
  type RegistrationRows,
  type ReleaseDocument,
  type RunningShadow,
  type Trust,
} from '#core';
import type { TrustRows } from '#postgres';
import type { Logger } from 'pino';
import { withoutLocalProviders } from './local-providers.ts';

export interface TrustCompilerOptions {
  readonly policies: BackgroundPolicyCompiler;
  readonly allowHttpLoopback: boolean;
  readonly isProduction: boolean;
  readonly log: Logger;
}

/** Makes what the database holds ready to be trusted; says what it had to leave out. */
export class TrustCompiler {
  /** Releases and shadows do not change: one is compiled once, however often registrations do. */
  private readonly compiled = new WeakMap<ReleaseDocument, LiveRelease | null>();
  private refused: readonly string[] = [];

  constructor(private readonly options: TrustCompilerOptions) {}

  /** Issuers of identity providers that production does not trust, as of the last compilation. */
  get refusedIssuers(): readonly string[] {
    return this.refused;
  }

  async compile({ registrations, release, shadow }: TrustRows): Promise<Trust | null> {
    const rows = this.trustedRows(registrations);
    const live =
      release === null
        ? null
        : await this.once(release.document, () => this.compileRelease(release.number, release.document));
    if (live === null) return null;
    const releases = { release: live, shadow: await this.runningShadow(shadow) };
    const { trust, leftOut } = compileTrust(rows, releases, this.options);
    for (const { kind, problems } of leftOut) {
      this.options.log.error({ kind, problems, revision: rows.revision }, 'a registration was left out');
    }
    return trust;
  }

  private trustedRows(registrations: RegistrationRows): RegistrationRows {
    if (!this.options.isProduction) return registrations;
    const { rows, refused } = withoutLocalProviders(registrations);
    this.refused = refused;
    if (refused.length > 0) {
      this.options.log.error({ issuers: refused }, 'identity providers of a quickstart were left out');
    }
    return rows;
  }

  private async compileRelease(number: number, document: ReleaseDocument): Promise<LiveRelease | null> {
    const compiled = await this.options.policies.compileInTurns(number, document);
    if ('release' in compiled) return compiled.release;
    this.options.log.error({ release: number, problems: compiled.problems }, 'the live release is not sound');
    return null;
  }

  /** Whatever is wrong with a shadow is no reason to decide otherwise, or not at all. */
  private async runningShadow(row: TrustRows['shadow']): Promise<RunningShadow | null> {
    if (row === null) return null;
    const release = await this.once(row.document, () => this.compileShadow(row.id, row.document));
    return release === null ? null : { id: row.id, release };
  }

  private async compileShadow(shadow: string, document: ReleaseDocument): Promise<LiveRelease | null> {
    try {
      const compiled = await this.options.policies.compileInTurns(0, document);
      if ('release' in compiled) return compiled.release;
      this.options.log.error({ shadow, problems: compiled.problems }, 'the shadow is not sound');
    } catch (error) {
      this.options.log.error({ shadow, err: error }, 'the shadow cannot be compiled');
    }
    return null;
  }

  private async once(
    document: ReleaseDocument,
    compile: () => Promise<LiveRelease | null>,
  ): Promise<LiveRelease | null> {
    const known = this.compiled.get(document);
    if (known !== undefined) return known;
    const compiled = await compile();
    this.compiled.set(document, compiled);
    return compiled;
  }
}
