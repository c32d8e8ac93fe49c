import type { PolicyVerdict } from '#core';

const MAX_REMEMBERED = 512;

/** Verdicts by the exact request that Cedar was given; the longest unused makes place. */
export class RecentVerdicts {
  private readonly verdicts = new Map<string, PolicyVerdict>();

  get(key: string): PolicyVerdict | null {
    const verdict = this.verdicts.get(key);
    if (verdict === undefined) return null;
    this.verdicts.delete(key);
    this.verdicts.set(key, verdict);
    return verdict;
  }

  remember(key: string, verdict: PolicyVerdict): void {
    if (this.verdicts.size >= MAX_REMEMBERED) {
      for (const oldest of this.verdicts.keys()) {
        this.verdicts.delete(oldest);
        break;
      }
    }
    this.verdicts.set(key, verdict);
  }
}
