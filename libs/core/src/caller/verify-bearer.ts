import { CALLER_TOKEN_PREFIX, type CallerTokenSealer } from '../caller-token/caller-token.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import type { RefusalReason } from '../errors/refusals.ts';
import { readCompactJws } from '../jwt/compact-jws.ts';
import type { AssertionAudience } from './caller-credentials.ts';
import { fittingSpiffe, verifyJwtSvid } from './jwt-svid.ts';
import type { CallerPorts, PresentedAssertion, VerifiedCaller } from './verified-caller.ts';
import { verifyCallerToken, type BearerCredentials } from './verify-caller-token.ts';
import { fittingFederated, verifyWorkloadToken } from './workload-token.ts';

export interface BearerPorts extends CallerPorts {
  readonly callerTokens: Pick<CallerTokenSealer, 'unseal'>;
}

/**
 * Proves who calls by a bearer token: a caller token of ours, or the JWT by which a platform or a SPIFFE trust domain
 * vouches for a resource server. Nothing that a caller signed itself is one, since that is good for one use.
 *
 * In     credentials  as read from the request
 *        audience     for whom such a JWT has to be made, and who may come with it
 * Fails  bearer.* ; Unavailable
 * Spec   RFC 7662 §2.1; RFC 6750 §2.1, §3.1
 */
export async function verifyBearer(
  ports: BearerPorts,
  credentials: BearerCredentials,
  audience: AssertionAudience,
): Promise<VerifiedCaller> {
  const { bearer, clientId } = credentials;
  if (bearer.startsWith(CALLER_TOKEN_PREFIX)) return verifyCallerToken(ports, credentials, audience.issuer);
  const jws = readCompactJws(bearer);
  if (jws === null) throw new OAuthError('bearer.malformed');
  try {
    return await verifyVouched(ports, { jws, clientId, audience });
  } catch (thrown) {
    throw ofBearer(thrown);
  }
}

/** One party vouches for it, of one resource server: nobody is chosen among several. */
function verifyVouched(ports: CallerPorts, presented: PresentedAssertion): Promise<VerifiedCaller> {
  const trust = ports.trust.current();
  if (fittingSpiffe(trust, presented).length === 0) return verifyWorkloadToken(ports, presented);
  if (fittingFederated(trust, presented).length > 0) throw new OAuthError('client.ambiguous');
  return verifyJwtSvid(ports, presented);
}

/** What is wrong with the credentials of a client is, of a bearer token, told in the words of RFC 6750. */
const OF_BEARER: ReadonlyMap<RefusalReason, RefusalReason> = new Map([
  ['client.wrong_kind', 'bearer.wrong_kind'],
  ['client.unmatched', 'bearer.unmatched'],
  ['client.ambiguous', 'bearer.ambiguous'],
  ['client.bad_signature', 'bearer.bad_signature'],
  ['client.wrong_audience', 'bearer.wrong_audience'],
  ['client.wrong_time', 'bearer.wrong_time'],
]);

function ofBearer(thrown: unknown): unknown {
  const reason = thrown instanceof OAuthError ? OF_BEARER.get(thrown.reason) : undefined;
  return thrown instanceof OAuthError && reason !== undefined
    ? new OAuthError(reason, thrown.detail)
    : thrown;
}
