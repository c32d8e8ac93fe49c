import { OAuthError } from '../../errors/oauth-error.ts';
import type { AuthenticatedClient } from '../../exchange/steps/authenticate-client.ts';
import type { VerifiedDevice } from '../../exchange/steps/verify-device.ts';
import type { FoundDeferral } from './find-deferral.ts';

/**
 * Sees to it that the token goes to the key that was there when it was asked for: a code alone fetches nothing.
 *
 * In     found   evidence from `findDeferral`
 *        client  evidence from `authenticateClient`, which may have shown a certificate
 *        device  evidence from `verifyDevice`
 * Fails  device.proof_missing | approval.other_key
 * Spec   draft-ietf-oauth-deferred-token-response, Polling; RFC 9449 §5
 */
export function checkSameKey(
  { deferral: { request } }: FoundDeferral,
  { client, device }: { client: AuthenticatedClient; device: VerifiedDevice },
): void {
  const { confirmation } = request;
  if ('jkt' in confirmation) {
    if (device.keyThumbprint === null)
      throw new OAuthError('device.proof_missing', 'it was asked for with one');
    if (device.keyThumbprint !== confirmation.jkt) throw new OAuthError('approval.other_key');
    return;
  }
  // A proof beside the certificate would bind the token to another key than was approved.
  const isSame = device.keyThumbprint === null && client.certificate === confirmation['x5t#S256'];
  if (!isSame) throw new OAuthError('approval.other_key', 'certificate');
}
