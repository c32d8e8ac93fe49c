import type { AdminStore, CompiledRelease, ExplainingRelease, FullRelease, StoredDraft } from '#core';
import { Inject, Injectable } from '@nestjs/common';
import { ADMIN_STORE } from '../ports.ts';
import { POLICY_TOOLS, type PolicyTools } from './policy-tools.ts';

/** The release that is live, and how it decides. */
export interface LivePolicy {
  readonly full: FullRelease;
  readonly release: ExplainingRelease;
}

/** What is live, and what is drafted, ready to be asked. Each is compiled once. */
@Injectable()
export class LivePolicies {
  private compiledLive: ExplainingRelease | null = null;
  private compiledDraft: { readonly version: string; readonly compiled: CompiledRelease } | null = null;

  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
  ) {}

  /** Null when nothing was published yet. Fails  Unavailable; Error when what is live cannot be compiled */
  async live(): Promise<LivePolicy | null> {
    const full = await this.store.release('live');
    return full === null ? null : { full, release: this.ofRelease(full) };
  }

  /** A release is immutable: its number is enough to know it by. */
  ofRelease({ number, document }: Pick<FullRelease, 'number' | 'document'>): ExplainingRelease {
    if (this.compiledLive?.number === number) return this.compiledLive;
    const compiled = this.tools.compile(number, document);
    if ('problems' in compiled) throw new Error(`release ${number} cannot be compiled`);
    this.compiledLive = compiled.release;
    return compiled.release;
  }

  ofDraft({ version, document }: Pick<StoredDraft, 'version' | 'document'>): CompiledRelease {
    if (this.compiledDraft?.version === version) return this.compiledDraft.compiled;
    const compiled = this.tools.compile(0, document);
    this.compiledDraft = { version, compiled };
    return compiled;
  }
}
