/** So many batches go the long way at most before one is tried at once again. */
const MOST_PASSED_OVER = 16;

/**
 * Says whether a batch is tried as it will nearly always go. Batches that have an id or a token in common with one that
 * is under way in this process are not: they would only wait and lose. And while somebody presents what is dead again
 * and again, fewer and fewer are.
 */
export class Foresight {
  private readonly underWay = new Set<ReadonlySet<string>>();
  private failedInRow = 0;
  private passedOver = 0;

  /**
   * Lets a batch in, whose ids and tokens are under way until `leave`.
   *
   * Out  whether it is worth a try
   */
  enter(keys: ReadonlySet<string>): boolean {
    const isAlone = ![...this.underWay].some((others) => [...keys].some((key) => others.has(key)));
    this.underWay.add(keys);
    if (!isAlone) return false;
    if (this.passedOver < Math.min(2 ** this.failedInRow - 1, MOST_PASSED_OVER)) {
      this.passedOver++;
      return false;
    }
    this.passedOver = 0;
    return true;
  }

  leave(keys: ReadonlySet<string>): void {
    this.underWay.delete(keys);
  }

  heard(cameTrue: boolean): void {
    this.failedInRow = cameTrue ? 0 : this.failedInRow + 1;
  }
}
