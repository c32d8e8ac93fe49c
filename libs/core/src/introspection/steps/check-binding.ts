import { checkDpopProof } from '../../dpop/dpop-proof.ts';
import {
  isOfNoContent,
  isSameContent,
  parseContentDigestField,
  type ContentDigest,
} from '../../operation/content-digest.ts';
import type { HttpOperation } from '../../operation/http-operation.ts';
import { presentedTargetUri } from '../../operation/target-uri.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { sha256Base64url } from '../../shared/sha256.ts';
import type { Grant } from '../../token/grant.ts';
import { inactive, mismatch, type Inactive } from '../inactive.ts';
import type { IntrospectionPorts } from '../introspection.ports.ts';
import type { IntrospectionRequest, PresentedRequest } from '../introspection-request.ts';
import type { OpenedGrant } from './open-token.ts';

export type BoundGrant = Evidence<'BoundGrant', { grant: Grant; spender: number }>;

type BindingPorts = Pick<IntrospectionPorts, 'clock' | 'signatures' | 'identity'>;

/**
 * Holds the request that arrived at the resource server against the one that the token permits: audience, method,
 * URI, body, key. All of it before the token is spent, so that a thief without the key, or a stranger's API, cannot
 * burn it. A resource server with `binding: self` may leave out what it has checked itself; what it does tell is
 * checked all the same.
 *
 * In     request  the token and what was told of the request that brought it
 *        opened   evidence from `openToken`
 * Out    BoundGrant, or Inactive; every difference is a mismatch, something left out is not
 * Spec   RFC 7662 §4; RFC 9449 §7.1 with the proof forwarded
 */
export function checkBinding(
  ports: BindingPorts,
  { token, presented }: Pick<IntrospectionRequest, 'token' | 'presented'>,
  { grant, server }: OpenedGrant,
): BoundGrant | Inactive {
  if (grant.aud !== server.resource) return mismatch('token.wrong_audience');
  const mustTell = server.binding === 'enforced';
  const [operation] = grant.authorization_details;
  return (
    differenceOf(ports, operation, { ...presented, mustTell }) ??
    checkProof(ports, { token, presented, grant, mustTell }) ??
    attest<BoundGrant>({ grant, spender: server.number })
  );
}

function differenceOf(
  { identity }: BindingPorts,
  operation: HttpOperation,
  { method, targetUri, contentDigest, contentType, mustTell }: PresentedRequest & { mustTell: boolean },
): Inactive | null {
  if (mustTell && (method === null || targetUri === null)) return inactive('token.binding_missing');
  if (method !== null && method !== operation.actions[0]) return mismatch('token.wrong_method');
  if (targetUri !== null && presentedTargetUri(targetUri, identity)?.href !== operation.target_uri) {
    return mismatch('token.wrong_uri');
  }
  if (!isPermittedContent(operation.content_digest, contentDigest, mustTell))
    return mismatch('token.wrong_digest');
  return isPermittedType(operation.content_type, contentType) ? null : mismatch('token.wrong_content_type');
}

/**
 * A body that the token does not know of, and a token whose body did not come, are both another operation. The digest
 * of nothing says the same as no digest, because software differs in whether it sends one.
 */
function isPermittedContent(
  permitted: ContentDigest | undefined,
  field: string | null,
  mustTell: boolean,
): boolean {
  const told = field === null ? null : parseContentDigestField(field);
  if (field !== null && told === null) return false;
  const permitsBody = permitted !== undefined && !isOfNoContent(permitted);
  if (told === null) return !permitsBody || !mustTell;
  return permitsBody ? isSameContent(permitted, told) : isOfNoContent(told);
}

function isPermittedType(permitted: string | undefined, told: string | null): boolean {
  return permitted === undefined || told === null || permitted.toLowerCase() === told.toLowerCase();
}

interface Proving {
  readonly token: string;
  readonly presented: PresentedRequest;
  readonly grant: Grant;
  readonly mustTell: boolean;
}

/**
 * The proof's own id is not claimed here: `ath` ties it to this token, and the token is honoured once.
 */
function checkProof({ clock, signatures, identity }: BindingPorts, proving: Proving): Inactive | null {
  const { token, presented, grant, mustTell } = proving;
  const { dpopProof } = presented;
  if (dpopProof === null) return grant.cnf !== undefined && mustTell ? inactive('token.proof_missing') : null;
  const refused = mismatch('token.proof_refused');
  if (grant.cnf === undefined) return refused;
  const [operation] = grant.authorization_details;
  const checked = checkDpopProof(
    dpopProof,
    {
      method: operation.actions[0],
      uri: /^[^?]*/.exec(operation.target_uri)?.[0] ?? '',
      allowHttpLoopback: identity.allowHttpLoopback,
    },
    { signatures, now: clock.now() },
  );
  if ('refused' in checked) return refused;
  const { key, ath } = checked.proof;
  return key.thumbprint === grant.cnf.jkt && ath === sha256Base64url(token) ? null : refused;
}
