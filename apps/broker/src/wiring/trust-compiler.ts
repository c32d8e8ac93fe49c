import {
  compileTrust,
  type LiveRelease,
  type PolicyCompiler,
  type RegistrationRows,
  type Trust,
} from '#core';
import type { ReleaseRow } from '#postgres';
import type { Logger } from 'pino';
import { withoutLocalProviders } from './local-providers.ts';

export interface TrustCompilerOptions {
  readonly policies: PolicyCompiler;
  readonly allowHttpLoopback: boolean;
  readonly isProduction: boolean;
  readonly log: Logger;
}

/** Makes what the database holds ready to be trusted; says what it had to leave out. */
export class TrustCompiler {
  /** Published releases do not change: one is compiled once, however often registrations do. */
  private readonly releases = new WeakMap<ReleaseRow, LiveRelease | null>();
  private refused: readonly string[] = [];

  constructor(private readonly options: TrustCompilerOptions) {}

  /** Issuers of identity providers that production does not trust, as of the last compilation. */
  get refusedIssuers(): readonly string[] {
    return this.refused;
  }

  compile(registrations: RegistrationRows, release: ReleaseRow | null): Trust | null {
    const rows = this.trustedRows(registrations);
    const live = release === null ? null : this.liveRelease(release);
    if (live === null) return null;
    const { trust, leftOut } = compileTrust(rows, live, this.options);
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

  private liveRelease(row: ReleaseRow): LiveRelease | null {
    const known = this.releases.get(row);
    if (known !== undefined) return known;
    const compiled = this.options.policies.compile(row.number, row.document);
    if ('problems' in compiled) {
      this.options.log.error(
        { release: row.number, problems: compiled.problems },
        'the live release is not sound',
      );
    }
    const live = 'release' in compiled ? compiled.release : null;
    this.releases.set(row, live);
    return live;
  }
}
