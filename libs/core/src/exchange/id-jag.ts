import type { Claim } from '../audit/journal.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import { forgettableFrom, FUTURE_TOLERANCE_SECONDS, readAudiences, readName } from '../jwt/claims.ts';
import { readAuthorizationDetail, type RequestedOperation } from '../operation/http-operation.ts';
import type { EpochMs, EpochSeconds } from '../shared/clock.ts';
import type { JsonObject } from '../shared/strict-json.ts';

/** How far an identity provider lets the client go on the user's behalf; null where it does not say. */
export interface AssertedLimits {
  readonly resources: readonly string[] | null;
  /** Catalog operations. */
  readonly scopes: readonly string[] | null;
  readonly operation: RequestedOperation | null;
}

/** Its id is remembered until it is over, and for so long an id can be. */
const MAX_LIFE_SECONDS = 3600;

/**
 * What an Identity Assertion JWT Authorization Grant says besides what an ID token does: for which client it was made,
 * how far it goes, and the id by which it is used once. The signature has been verified.
 *
 * Fails  assertion.wrong_client | assertion.wrong_time | assertion.bad_claims
 * Spec   draft-ietf-oauth-identity-assertion-authz-grant, Processing Rules
 */
export function readIdJag(
  payload: JsonObject,
  {
    clientId,
    issuer,
    expiresAt,
    now,
  }: { clientId: string; issuer: string; expiresAt: EpochSeconds; now: EpochMs },
): { readonly limits: AssertedLimits; readonly claim: Claim } {
  if (payload['client_id'] !== clientId) throw new OAuthError('assertion.wrong_client');
  if (expiresAt > now / 1000 + MAX_LIFE_SECONDS + FUTURE_TOLERANCE_SECONDS) {
    throw new OAuthError('assertion.wrong_time', 'valid for too long');
  }
  const id = readName(payload['jti']);
  const limits = readLimits(payload);
  if (id === null || limits === null) throw new OAuthError('assertion.bad_claims');
  return {
    limits,
    claim: {
      kind: 'identity_assertion',
      owner: issuer,
      id,
      expiresAt: forgettableFrom(expiresAt),
      onReuse: 'assertion.replayed',
    },
  };
}

/** Null when a limit is there that cannot be read: it must not be passed over. */
function readLimits(payload: JsonObject): AssertedLimits | null {
  const { resource, scope, authorization_details: details } = payload;
  const resources = resource === undefined ? null : readAudiences(resource);
  const scopes = scope === undefined ? null : readScopes(scope);
  const operation = details === undefined ? null : readAuthorizationDetail(details);
  const isRead =
    (resources !== null || resource === undefined) &&
    (scopes !== null || scope === undefined) &&
    (operation !== null || details === undefined);
  return isRead ? { resources, scopes, operation } : null;
}

function readScopes(scope: unknown): readonly string[] | null {
  if (typeof scope !== 'string' || scope.length > 2048) return null;
  return /^[!-~]+( [!-~]+)*$/.test(scope) ? scope.split(' ') : null;
}
