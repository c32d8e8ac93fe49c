/** The longest step that counts in full: longer ones are pauses of the process, not work that piles up. */
const LONGEST_STEP_MS = 25;

/**
 * A clock of the time in which the process ran. After a garbage collection, or on a machine that was busy with others,
 * everybody has waited long and yet nobody is late: what came meanwhile is worked off at once.
 */
export class RunningTime {
  private ranMs = 0;
  private readAtMs: number;

  constructor(private readonly elapsedMs: () => number) {
    this.readAtMs = elapsedMs();
  }

  /** Has to be asked at every event that there is, so that no step is longer than it was. */
  nowMs(): number {
    const atMs = this.elapsedMs();
    this.ranMs += Math.min(atMs - this.readAtMs, LONGEST_STEP_MS);
    this.readAtMs = atMs;
    return this.ranMs;
  }
}
