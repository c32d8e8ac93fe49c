import type { DevicePosture } from '../registry/device-posture.ts';

/** A device as it is registered now. */
export interface KnownDevice {
  readonly id: string;
  readonly enabled: boolean;
  readonly owner: { readonly issuer: string; readonly subject: string };
  readonly platform: string;
  /** The last report; null: nobody has reported anything. */
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
