/**
 * Remembers what was found out for the release before and for this one. Releases follow one another with few changes,
 * and a broker serves requests while it compiles one.
 */
export class TwoReleases<Found> {
  private before = new Map<string, Found>();
  private now = new Map<string, Found>();

  /** Another release begins: what the last one did not need is forgotten. */
  next(): void {
    this.before = this.now;
    this.now = new Map();
  }

  /** As it was found before, or by `find`; null is not remembered. */
  recall(key: string, find: () => Found | null): Found | null {
    const found = this.now.get(key) ?? this.before.get(key) ?? find();
    if (found !== null) this.now.set(key, found);
    return found;
  }
}
