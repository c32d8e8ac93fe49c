import { OAuthError } from '../../errors/oauth-error.ts';
import type { DevicePosture } from '../../registry/device-posture.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { KnownDevice } from '../device-registry.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import type { VerifiedDevice } from './verify-device.ts';

export type RecognizedDevice = Evidence<
  'RecognizedDevice',
  {
    /** Null when no proof was sent, or its key is no registered device's. */
    known: KnownDevice | null;
    /** The attester's word, where it is of this very key and newer than all that was reported; null otherwise. */
    attested: DevicePosture | null;
  }
>;

/**
 * Looks up what is known of the device whose key was proved. One that nobody knows is for the policies to judge; one
 * that was disabled is refused.
 *
 * In     device  evidence from `verifyDevice`
 *        client  evidence from `authenticateClient`: its attester may have said what the device is like
 * Out    RecognizedDevice
 * Fails  device.revoked; Unavailable
 * Spec   docs/protocol.md, devices
 */
export async function recognizeDevice(
  { devices }: Pick<ExchangePorts, 'devices'>,
  { keyThumbprint }: VerifiedDevice,
  { attestedPosture }: AuthenticatedClient,
): Promise<RecognizedDevice> {
  const known = keyThumbprint === null ? null : await devices.byKey(keyThumbprint);
  if (known !== null && !known.enabled) throw new OAuthError('device.revoked', known.id);
  const attested = attestedPosture?.keyThumbprint === keyThumbprint ? attestedPosture.posture : null;
  return attest<RecognizedDevice>({ known, attested: newerThan(known?.posture ?? null, attested) });
}

/** Of two that are as old, what is registered counts. */
function newerThan(reported: DevicePosture | null, attested: DevicePosture | null): DevicePosture | null {
  return reported === null || attested === null || attested.learntAt > reported.learntAt ? attested : null;
}
