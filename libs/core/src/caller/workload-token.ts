import { OAuthError } from '../errors/oauth-error.ts';
import { readLifetime, readName } from '../jwt/claims.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import { fulfils } from '../registry/claim-rules.ts';
import type { FederatedCaller, Trust } from '../registry/trust.ts';
import type { CallerPorts, PresentedAssertion, VerifiedCaller } from './verified-caller.ts';
import { checkVouchedToken, onlyFitting } from './vouched-token.ts';

/**
 * Proves who calls, by the word of the platform that it runs on: a Kubernetes service account token, the OIDC token of
 * a CI job. Platforms hand out the same token again until it expires, so that its id cannot be claimed: such a client
 * proves a key besides, and such a resource server may introspect and nothing more.
 *
 * In     presented  its claims are read, and believed only after the signature
 * Fails  client.wrong_kind | client.unmatched | client.ambiguous | client.bad_signature | client.wrong_audience |
 *        client.wrong_time; Unavailable
 * Spec   RFC 7523 §3; OpenID Connect Core §3.1.3.7 for the checks
 */
export async function verifyWorkloadToken(
  ports: CallerPorts,
  presented: PresentedAssertion,
): Promise<VerifiedCaller> {
  const { jws, audience } = presented;
  // Logout tokens and security events are signed by the same platform and say nothing of who calls.
  if (!isOfKind(jws.typ, 'workload_token') || 'events' in jws.payload) {
    throw new OAuthError('client.wrong_kind', jws.typ);
  }
  const registration = onlyFitting(ports.signatures, jws, fittingFederated(ports.trust.current(), presented));
  const { authentication } = registration;
  await checkVouchedToken(ports, jws, {
    now: ports.clock.now(),
    ...authentication,
    audience: authentication.audience ?? audience.issuer,
  });
  const subject = readName(jws.payload['sub'], 1024);
  if (subject === null) throw new OAuthError('client.unmatched', 'sub is missing');
  return {
    registration,
    method: authentication.method,
    claim: null,
    workload: {
      issuer: authentication.issuer,
      subject,
      vouchedAt: readLifetime(jws.payload)?.iat ?? null,
    },
    certificate: null,
    instanceKey: null,
    attestedPosture: null,
  };
}

/** Those of whom its claims say that they are it, as nobody has verified yet. */
export function fittingFederated(
  trust: Trust,
  { jws: { payload }, clientId, audience }: PresentedAssertion,
): readonly FederatedCaller[] {
  const { iss } = payload;
  if (typeof iss !== 'string') return [];
  return trust
    .federatedCallers(iss)
    .filter(({ kind }) => kind === audience.callers)
    .filter((one) => clientId === null || one.clientId === clientId)
    .filter(({ authentication }) => fulfils(payload, authentication.rules));
}
