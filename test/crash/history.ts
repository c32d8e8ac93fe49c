/** What was acknowledged to callers, as they heard it. */
export class History {
  /** Token id to how often somebody heard `active: true` for it. */
  readonly honoured = new Map<string, number>();
  /** Reason ids of refusals that a caller read. */
  readonly refused = new Set<string>();
  private readonly statuses = new Map<string, number>();

  sawActive(tokenId: string): void {
    this.honoured.set(tokenId, (this.honoured.get(tokenId) ?? 0) + 1);
  }

  sawStatus(endpoint: string, status: number | 'no answer'): void {
    const key = `${endpoint} ${status}`;
    this.statuses.set(key, (this.statuses.get(key) ?? 0) + 1);
  }

  /** As many spends, and as many refusals, were acknowledged. */
  get leastAnswered(): number {
    return Math.min(this.honoured.size, this.refused.size);
  }

  get honouredTwice(): readonly string[] {
    return [...this.honoured].filter(([, times]) => times > 1).map(([tokenId]) => tokenId);
  }

  /** How often each endpoint gave each answer. */
  get answers(): string {
    return [...this.statuses]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, count]) => `${key}: ${count}`)
      .join(', ');
  }
}
