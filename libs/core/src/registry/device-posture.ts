import type { EpochMs } from '../shared/clock.ts';

/** What somebody said of a device, all of it. */
export interface DevicePosture {
  /** Null: it was not said. */
  readonly compliant: boolean | null;
  /** Names of the facts that were reported as true. */
  readonly facts: readonly string[];
  readonly learntAt: EpochMs;
  /** Issuer of the event or of the client attestation, or `issuer|subject` of whoever reported it to the admin API. */
  readonly learntFrom: string;
}
