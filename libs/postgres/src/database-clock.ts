import { Unavailable, type Clock, type EpochMs } from '#core';

/** One reading of the database's clock. `sentAt` and `receivedAt` are milliseconds of `performance.now()`. */
export interface ClockReading {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly databaseTime: EpochMs;
}

interface Offset {
  /** What is to be added to `performance.now()`. */
  readonly ms: number;
  /** The truth lies at most so far away: half of the round trip. */
  readonly errorMs: number;
}

/** The database's time, as this process knows it. It stands on the monotonic clock: setting the machine's clock does not move it. */
export class DatabaseClock implements Clock {
  private offset: Offset | null = null;

  /** Takes a reading over when it is more exact than what is known, or contradicts it. */
  observe({ sentAt, receivedAt, databaseTime }: ClockReading): void {
    const errorMs = (receivedAt - sentAt) / 2;
    const read: Offset = { ms: databaseTime - (sentAt + errorMs), errorMs };
    const known = this.offset;
    const agrees = known !== null && Math.abs(known.ms - read.ms) <= read.errorMs + known.errorMs;
    if (known === null || !agrees || read.errorMs <= known.errorMs) this.offset = read;
  }

  /** Fails  Unavailable before the first reading */
  now(): EpochMs {
    if (this.offset === null) throw new Unavailable("the database's clock was not read yet");
    return performance.now() + this.offset.ms;
  }

  /** How far the database's clock is ahead of the machine's; negative when behind. Fails as `now` does. */
  skewMs(): number {
    return this.now() - Date.now();
  }
}
