import type { EpochMs } from '../shared/clock.ts';

/** What somebody reported of a device, last. */
export interface DevicePosture {
  /** Null: it was not said. */
  readonly compliant: boolean | null;
  /** Names of the facts that were reported as true. */
  readonly facts: readonly string[];
  readonly learntAt: EpochMs;
  /** Issuer of the event, or `issuer|subject` of whoever reported it to the admin API. */
  readonly learntFrom: string;
}

/** A device as it is registered now. */
export interface KnownDevice {
  readonly id: string;
  readonly enabled: boolean;
  readonly owner: { readonly issuer: string; readonly subject: string };
  readonly platform: string;
  /** Null: nobody has reported anything. */
  readonly posture: DevicePosture | null;
}

/** The devices that are registered, by the keys that they prove themselves with. */
export interface DeviceRegistry {
  /**
   * The device that has this key; null when there is none.
   *
   * Fails  Unavailable
   */
  byKey(thumbprint: string): Promise<KnownDevice | null>;
}
