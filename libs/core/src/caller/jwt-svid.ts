import { OAuthError } from '../errors/oauth-error.ts';
import { readLifetime } from '../jwt/claims.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import { isWithinSpiffeId, readSpiffeId, trustDomainIssuer } from '../registry/spiffe-id.ts';
import type { SpiffeCaller, Trust } from '../registry/trust.ts';
import type { CallerPorts, PresentedAssertion, VerifiedCaller } from './verified-caller.ts';
import { checkVouchedToken, onlyFitting } from './vouched-token.ts';

/**
 * Proves who calls, by a JWT-SVID: the word of the SPIFFE trust domain that its `sub` names, signed with a key of the
 * bundle that is registered for it. `iss` and `jti` are optional there and mean nothing here; the Workload API hands
 * out the same SVID again until it expires, so that such a client proves a key besides, and such a resource server may
 * introspect and nothing more.
 *
 * In     presented  its claims are read, and believed only after the signature
 * Fails  client.wrong_kind | client.unmatched | client.ambiguous | client.bad_signature | client.wrong_audience |
 *        client.wrong_time; Unavailable
 * Spec   draft-ietf-oauth-spiffe-client-auth, JWT-SVID; SPIFFE JWT-SVID §2 to §4
 */
export async function verifyJwtSvid(
  ports: CallerPorts,
  presented: PresentedAssertion,
): Promise<VerifiedCaller> {
  const { jws, audience } = presented;
  if (!isOfKind(jws.typ, 'jwt_svid')) throw new OAuthError('client.wrong_kind', jws.typ);
  const registration = onlyFitting(ports.signatures, jws, fittingSpiffe(ports.trust.current(), presented));
  const { authentication } = registration;
  const { trustDomain } = authentication.id;
  await checkVouchedToken(ports, jws, {
    now: ports.clock.now(),
    ...authentication,
    audience: audience.issuer,
  });
  const workload = {
    issuer: trustDomainIssuer(trustDomain),
    subject: String(jws.payload['sub']),
    vouchedAt: readLifetime(jws.payload)?.iat ?? null,
  };
  return {
    registration,
    method: authentication.method,
    claim: null,
    workload,
    certificate: null,
    instanceKey: null,
    attestedPosture: null,
  };
}

/** Those whose SPIFFE ID it names, as nobody has verified yet. */
export function fittingSpiffe(
  trust: Trust,
  { jws, clientId, audience }: PresentedAssertion,
): readonly SpiffeCaller[] {
  const id = readSpiffeId(jws.payload['sub']);
  if (id === null) return [];
  return trust
    .spiffeCallers(id.trustDomain)
    .filter(({ kind }) => kind === audience.callers)
    .filter((one) => clientId === null || one.clientId === clientId)
    .filter(({ authentication }) => isWithinSpiffeId(id, authentication.id));
}
