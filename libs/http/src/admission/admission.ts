import { RunningTime } from './running-time.ts';

export interface AdmissionLimits {
  /** Requests that are worked on at a time. */
  readonly maxInFlight: number;
  /** Requests that wait for their turn. */
  readonly maxWaiting: number;
  /** When somebody has waited longer, nobody else is let in; twice as long is the longest wait for a place. */
  readonly maxWaitMs: number;
}

/** A request that has arrived. Exactly one of the two is called, once. */
export interface Candidate {
  begin(): void;
  refuse(): void;
}

/** What time and turns are; replaced in tests. */
export interface AdmissionRuntime {
  /** Monotonic. */
  readonly elapsedMs: () => number;
  /** Calls back in the next turn of the event loop. */
  readonly nextTurn: (run: () => void) => void;
}

const REAL: AdmissionRuntime = {
  elapsedMs: () => performance.now(),
  nextTurn: (run) => void setImmediate(run),
};

/** A request begins with most of its work: between so many, the loop looks at what else has come, to turn it away. */
export const BEGIN_PER_TURN = 16;

const SWEEP_MS = 10;

/**
 * Decides how much is worked on at a time. Requests begin in the order in which they came, a few in each turn of the
 * event loop; when the oldest has waited too long, those who come last are turned away, before anything is done for
 * them. So what is let in is answered in time, and what is not knows at once.
 */
export class Admission {
  private readonly waiting: { readonly candidate: Candidate; readonly sinceMs: number }[] = [];
  private readonly time: RunningTime;
  private working = 0;
  private begunThisTurn = 0;
  private sweeper: NodeJS.Timeout | null = null;

  constructor(
    private readonly limits: AdmissionLimits,
    private readonly runtime: AdmissionRuntime = REAL,
  ) {
    this.time = new RunningTime(runtime.elapsedMs);
  }

  /** How many are worked on, and how many wait. */
  get load(): { readonly inFlight: number; readonly waiting: number } {
    return { inFlight: this.working, waiting: this.waiting.length };
  }

  /** May another one come? */
  get isOpen(): boolean {
    const [oldest] = this.waiting;
    const nowMs = this.time.nowMs();
    if (oldest === undefined) return true;
    return this.waiting.length < this.limits.maxWaiting && nowMs - oldest.sinceMs <= this.limits.maxWaitMs;
  }

  /** A candidate that begins has a place until somebody calls `leave` for it. */
  enter(candidate: Candidate): void {
    if (this.waiting.length === 0 && this.mayBegin) return this.begin(candidate);
    if (this.waiting.length >= this.limits.maxWaiting) return candidate.refuse();
    this.waiting.push({ candidate, sinceMs: this.time.nowMs() });
    this.sweeper ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  leave(): void {
    this.working--;
    this.fill();
  }

  private get mayBegin(): boolean {
    return this.working < this.limits.maxInFlight && this.begunThisTurn < BEGIN_PER_TURN;
  }

  private begin(candidate: Candidate): void {
    this.working++;
    this.begunThisTurn++;
    if (this.begunThisTurn === 1) {
      this.runtime.nextTurn(() => {
        this.begunThisTurn = 0;
        this.fill();
      });
    }
    candidate.begin();
  }

  private fill(): void {
    this.time.nowMs();
    while (this.mayBegin) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.begin(next.candidate);
    }
  }

  /** What does not begin because all places are taken, by requests that wait for something slow, is not kept for long. */
  private sweep(): void {
    const nowMs = this.time.nowMs();
    while (this.working >= this.limits.maxInFlight) {
      const [oldest] = this.waiting;
      if (oldest === undefined || nowMs - oldest.sinceMs <= 2 * this.limits.maxWaitMs) break;
      this.waiting.shift();
      oldest.candidate.refuse();
    }
    if (this.waiting.length > 0 || this.sweeper === null) return;
    clearInterval(this.sweeper);
    this.sweeper = null;
  }
}
