import { checkDpopProof } from '../../dpop/dpop-proof.ts';
import {
  isOfNoContent,
  isSameContent,
  parseContentDigestField,
  type ContentDigest,
} from '../../operation/content-digest.ts';
import type { HttpOperation } from '../../operation/http-operation.ts';
import { isWithin, pathBelow, presentedTargetUri } from '../../operation/target-uri.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { sha256Base64url } from '../../shared/sha256.ts';
import type { Grant } from '../../token/grant.ts';
import { inactive, isInactive, mismatch, type Inactive } from '../inactive.ts';
import type { IntrospectionPorts } from '../introspection.ports.ts';
import type { IntrospectionRequest, PresentedRequest } from '../introspection-request.ts';
import type { OpenedGrant } from './open-token.ts';

export type BoundGrant = Evidence<
  'BoundGrant',
  {
    grant: Grant;
    spender: number;
    /** The URI that the token is spent on, in canonical form. */
    targetUri: string;
  }
>;

/** What has to be told of a request, so that its token is good for it. */
export interface MustTell {
  /** Method, URI and proof. */
  readonly request: boolean;
  /** The digest of its body: never, where the token permits one, or always, even that of none. */
  readonly content: 'never' | 'when_permitted' | 'always';
}

type BindingPorts = Pick<IntrospectionPorts, 'clock' | 'trust' | 'signatures' | 'identity'>;

/**
 * Holds the request that arrived at the resource server against the one that the token permits: audience, method,
 * URI, body, key. All of it before the token is spent, so that a thief without the key, or a stranger's API, cannot
 * burn it. A resource server with `binding: self` may leave out what it has checked itself; what it does tell is
 * checked all the same. A token for a path template is good for whichever URI the catalog takes for this operation,
 * and has to be told which.
 *
 * In     request  the token and what was told of the request that brought it
 *        opened   evidence from `openToken`; with what has to be told, where that is not as registered
 * Out    BoundGrant, or Inactive; every difference is a mismatch, something left out is not
 * Spec   RFC 7662 §4; RFC 9449 §7.1 with the proof forwarded; RFC 8705 §3 with the certificate's thumbprint
 */
export function checkBinding(
  ports: BindingPorts,
  { token, presented }: Pick<IntrospectionRequest, 'token' | 'presented'>,
  { grant, server, mustTell = mustTellOf(server) }: OpenedGrant & { mustTell?: MustTell },
): BoundGrant | Inactive {
  if (grant.aud !== server.resource) return mismatch('token.wrong_audience');
  const [operation] = grant.authorization_details;
  const target =
    operation.path_template === undefined
      ? (differenceOf(ports, operation, { mustTell, ...presented }) ?? { targetUri: operation.target_uri })
      : instanceOf(ports, presented, { grant, server });
  if (isInactive(target)) return target;
  const { targetUri } = target;
  return (
    checkKey(ports, { token, presented, grant, mustTell, targetUri }) ??
    attest<BoundGrant>({ grant, spender: server.number, targetUri })
  );
}

function mustTellOf({ binding }: OpenedGrant['server']): MustTell {
  return binding === 'enforced'
    ? { request: true, content: 'when_permitted' }
    : { request: false, content: 'never' };
}

/** The URI that was presented, where it is the operation that the token names, by the catalog of now. */
function instanceOf(
  { trust, identity }: BindingPorts,
  { method, targetUri }: PresentedRequest,
  { grant, server }: Pick<OpenedGrant, 'grant' | 'server'>,
): { targetUri: string } | Inactive {
  const [operation] = grant.authorization_details;
  if (method === null || targetUri === null) return inactive('token.binding_missing');
  if (method !== operation.actions[0]) return mismatch('token.wrong_method');
  const target = presentedTargetUri(targetUri, identity);
  if (target === null || !isWithin(target, server.base)) return mismatch('token.wrong_uri');
  const { catalog } = trust.current().release;
  const matched = catalog.match(server.id, method, pathBelow(server.base, target))?.operation;
  const isIt = matched?.id === grant.scope && matched?.path === operation.path_template;
  return isIt ? { targetUri: target.href } : mismatch('token.wrong_uri');
}

function differenceOf(
  { identity }: BindingPorts,
  operation: HttpOperation,
  { method, targetUri, contentDigest, contentType, mustTell }: PresentedRequest & { mustTell: MustTell },
): Inactive | null {
  if (mustTell.request && (method === null || targetUri === null)) return inactive('token.binding_missing');
  if (method !== null && method !== operation.actions[0]) return mismatch('token.wrong_method');
  if (targetUri !== null && presentedTargetUri(targetUri, identity)?.href !== operation.target_uri) {
    return mismatch('token.wrong_uri');
  }
  if (!isPermittedContent(operation.content_digest, contentDigest, mustTell.content))
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
  mustTell: MustTell['content'],
): boolean {
  const told = field === null ? null : parseContentDigestField(field);
  if (field !== null && told === null) return false;
  const permitsBody = permitted !== undefined && !isOfNoContent(permitted);
  if (told === null) return mustTell === 'never' || (mustTell === 'when_permitted' && !permitsBody);
  return permitsBody ? isSameContent(permitted, told) : isOfNoContent(told);
}

function isPermittedType(permitted: string | undefined, told: string | null): boolean {
  return permitted === undefined || told === null || permitted.toLowerCase() === told.toLowerCase();
}

interface Proving {
  readonly token: string;
  readonly presented: PresentedRequest;
  readonly grant: Grant;
  readonly mustTell: MustTell;
  readonly targetUri: string;
}

/**
 * A certificate binds nothing but the tokens that were bound to it: an API may tell it with every request.
 */
function checkKey(ports: BindingPorts, proving: Proving): Inactive | null {
  const { presented, grant, mustTell } = proving;
  const { dpopProof, certificateThumbprint } = presented;
  if (grant.cnf === undefined) return dpopProof === null ? null : mismatch('token.proof_refused');
  if ('jkt' in grant.cnf) return checkProof(ports, proving, grant.cnf.jkt);
  if (dpopProof !== null) return mismatch('token.proof_refused');
  if (certificateThumbprint === null) return mustTell.request ? inactive('token.proof_missing') : null;
  return certificateThumbprint === grant.cnf['x5t#S256'] ? null : mismatch('token.wrong_certificate');
}

/**
 * The proof's own id is not claimed here: `ath` ties it to this token, and the ledger honours a token once
 * for each proof.
 */
function checkProof(
  { clock, signatures, identity }: BindingPorts,
  { token, presented, grant, mustTell, targetUri }: Proving,
  jkt: string,
): Inactive | null {
  const { dpopProof } = presented;
  if (dpopProof === null) return mustTell.request ? inactive('token.proof_missing') : null;
  const refused = mismatch('token.proof_refused');
  const [operation] = grant.authorization_details;
  const checked = checkDpopProof(
    dpopProof,
    {
      method: operation.actions[0],
      uri: /^[^?]*/.exec(targetUri)?.[0] ?? '',
      allowHttpLoopback: identity.allowHttpLoopback,
    },
    { signatures, now: clock.now() },
  );
  if ('refused' in checked) return refused;
  const { key, ath } = checked.proof;
  return key.thumbprint === jkt && ath === sha256Base64url(token) ? null : refused;
}
