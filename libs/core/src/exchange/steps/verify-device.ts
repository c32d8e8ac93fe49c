import type { Claim } from '../../audit/journal.ts';
import { checkDpopProof, proofExpiresAt, type DpopProof } from '../../dpop/dpop-proof.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import type { VerifiedActor } from './verify-actor.ts';
import type { VerifiedSubject } from './verify-subject.ts';

export type VerifiedDevice = Evidence<
  'VerifiedDevice',
  {
    /** RFC 7638 thumbprint of the key that made the proof; null when none was sent. */
    keyThumbprint: string | null;
    claim: Claim | null;
    /** For the next proof of this client; null when none was sent. */
    nextNonce: string | null;
  }
>;

/**
 * Proves that the caller holds a device key, now and for this request. Whether the operation can do without is for
 * `resolveOperation` and the policies to say.
 *
 * In     proofs   each `DPoP` header field as it came
 *        client   evidence from `authenticateClient`: nonces are per client, and some have to prove a key
 *        subject  evidence from `verifySubject`: its token may be bound to a key, or need the proof of one
 *        actor    evidence from `verifyActor`: so may the actor's
 * Out    VerifiedDevice; its claim has still to be settled
 * Fails  device.proof_missing | device.several_proofs | device.malformed_proof | device.wrong_kind | device.wrong_request |
 *        device.wrong_time | device.bad_claims | device.bad_signature | device.nonce_required |
 *        device.nonce_refused | subject.key_bound | assertion.key_bound | actor.key_bound; Unavailable
 * Spec   RFC 9449 §4.3, §5, §8
 */
export function verifyDevice(
  ports: Pick<ExchangePorts, 'clock' | 'signatures' | 'nonces' | 'identity'>,
  proofs: readonly string[],
  { client, subject, actor }: { client: AuthenticatedClient; subject: VerifiedSubject; actor: VerifiedActor },
): VerifiedDevice {
  const [text, another] = proofs;
  if (another !== undefined) throw new OAuthError('device.several_proofs');
  if (text === undefined) {
    if (client.mustProveKey) throw new OAuthError('device.proof_missing', client.method);
    if (subject.mustProveKey || actor.mustProveKey) {
      throw new OAuthError('device.proof_missing', 'the token can be shown again');
    }
    demandBoundKeys(null, { subject, actor });
    return attest<VerifiedDevice>({ keyThumbprint: null, claim: null, nextNonce: null });
  }
  const checked = checkProof(ports, text);
  if ('refused' in checked) throw new OAuthError(`device.${checked.refused}`);
  const { proof } = checked;
  const { clientId } = client.registration;
  if (client.instanceKey !== null && client.instanceKey !== proof.key.thumbprint) {
    throw new OAuthError('client.other_key');
  }
  checkNonce(ports.nonces, proof, clientId);
  demandBoundKeys(proof.key.thumbprint, { subject, actor });
  return attest<VerifiedDevice>({
    keyThumbprint: proof.key.thumbprint,
    claim: claimOf(proof),
    nextNonce: ports.nonces.issue(clientId),
  });
}

/** The endpoint has a second URL, and a proof names the one that its client has called. */
function checkProof(
  { identity, signatures, clock }: Pick<ExchangePorts, 'clock' | 'signatures' | 'identity'>,
  text: string,
): ReturnType<typeof checkDpopProof> {
  const { tokenEndpoint, mtlsTokenEndpoint, allowHttpLoopback } = identity;
  const of = (uri: string): ReturnType<typeof checkDpopProof> =>
    checkDpopProof(text, { method: 'POST', uri, allowHttpLoopback }, { signatures, now: clock.now() });
  const checked = of(tokenEndpoint);
  const isOfAnother = 'refused' in checked && checked.refused === 'wrong_request';
  return isOfAnother && mtlsTokenEndpoint !== null ? of(mtlsTokenEndpoint) : checked;
}

/** A token that is bound to a key proves nothing without it. */
function demandBoundKeys(
  shown: string | null,
  { subject, actor }: { subject: VerifiedSubject; actor: VerifiedActor },
): void {
  const detail = shown === null ? 'no proof was sent' : null;
  if (subject.boundKey !== null && subject.boundKey !== shown)
    throw new OAuthError(`${subject.as}.key_bound`, detail);
  if (actor.boundKey !== null && actor.boundKey !== shown) throw new OAuthError('actor.key_bound', detail);
}

function checkNonce(nonces: ExchangePorts['nonces'], { nonce }: DpopProof, clientId: string): void {
  if (nonce !== null && nonces.isFresh(nonce, clientId)) return;
  const reason = nonce === null ? 'device.nonce_required' : 'device.nonce_refused';
  throw new OAuthError(reason, null, { dpopNonce: nonces.issue(clientId) });
}

function claimOf(proof: DpopProof): Claim {
  return {
    kind: 'dpop_proof',
    owner: proof.key.thumbprint,
    id: proof.jti,
    expiresAt: proofExpiresAt(proof),
    onReuse: 'device.replayed',
  };
}
