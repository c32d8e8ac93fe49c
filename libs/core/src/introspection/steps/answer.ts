import type { EpochMs, EpochSeconds } from '../../shared/clock.ts';
import type { IntrospectionProfile } from '../../registry/introspection-profile.ts';
import type { SpentGrant } from './spend.ts';

/** The positive answer of RFC 7662 §2.2: what this resource server needs, and nothing that only concerns the broker. */
export type ActiveBody = Readonly<Record<string, unknown>>;

/**
 * Says what the spent token permitted. `htm` and `htu` repeat the operation flat, for software that compares strings.
 *
 * In     spent    evidence from `spend`
 *        profile  how this resource server wants to be answered
 * Out    the members of the answer; times in whole seconds
 * Spec   RFC 7662 §2.2; RFC 9449 §6.2; RFC 9396 §9.2; RFC 9470 §6
 */
export function answer(
  { grant, targetUri }: SpentGrant,
  { profile, now }: { profile: IntrospectionProfile; now: EpochMs },
): ActiveBody {
  const [operation] = grant.authorization_details;
  const { iss, aud, sub, sub_iss, client_id, act, jti, iat, txn, cnf, scope, acr, amr, auth_time } = grant;
  const body = {
    active: true,
    iss,
    aud,
    sub,
    sub_iss,
    client_id,
    ...(act === undefined ? {} : { act }),
    jti,
    iat,
    exp: toldExpiry(grant.exp, { profile, now }),
    txn,
    token_type: cnf !== undefined && 'jkt' in cnf ? 'DPoP' : 'Bearer',
    ...(cnf === undefined ? {} : { cnf }),
    htm: operation.actions[0],
    htu: targetUri,
    scope,
    authorization_details: grant.authorization_details,
    ...(acr === undefined ? {} : { acr }),
    ...(amr === undefined ? {} : { amr }),
    ...(auth_time === undefined ? {} : { auth_time }),
  };
  if (profile.aliases.size === 0) return body;
  const aliases = [...profile.aliases].map(([name, member]) => [name, body[member]] as const);
  return Object.assign(body, Object.fromEntries(aliases));
}

/** Never after the token's own: an answer may be forgotten early, and not kept for longer. */
function toldExpiry(
  exp: EpochSeconds,
  { profile, now }: { profile: IntrospectionProfile; now: EpochMs },
): EpochSeconds {
  const nowSeconds = Math.floor(now / 1000);
  switch (profile.exp) {
    case 'token':
      return exp;
    case 'soon':
      return Math.min(exp, nowSeconds + 1);
    case 'past':
      return Math.min(exp, nowSeconds);
  }
}
