import { OAuthError } from '../../errors/oauth-error.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { KnownDevice } from '../device-registry.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { VerifiedDevice } from './verify-device.ts';

export type RecognizedDevice = Evidence<
  'RecognizedDevice',
  {
    /** Null when no proof was sent, or its key is no registered device's. */
    known: KnownDevice | null;
  }
>;

/**
 * Looks up what is known of the device whose key was proved. One that nobody knows is for the policies to judge; one
 * that was disabled is refused.
 *
 * In     device  evidence from `verifyDevice`
 * Out    RecognizedDevice
 * Fails  device.revoked; Unavailable
 * Spec   docs/protocol.md, devices
 */
export async function recognizeDevice(
  { devices }: Pick<ExchangePorts, 'devices'>,
  { keyThumbprint }: VerifiedDevice,
): Promise<RecognizedDevice> {
  const known = keyThumbprint === null ? null : await devices.byKey(keyThumbprint);
  if (known !== null && !known.enabled) throw new OAuthError('device.revoked', known.id);
  return attest<RecognizedDevice>({ known });
}
