import { ROLE_GROUP_PREFIX } from '../administration/roles.ts';
import { readName, readNumericDate } from '../jwt/claims.ts';
import { readPublicKey } from '../keys/public-key.ts';
import type { IdentityProviderRegistration } from '../registry/registrations.ts';
import type { EpochSeconds } from '../shared/clock.ts';
import { readAct, readMayAct, type Act, type Party } from '../token/act.ts';
import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';

/** What an ID token says of a user, in the shapes that policies rely on. */
export interface IdTokenClaims {
  readonly subject: string;
  /** With the provider's prefix; none of them is a role. */
  readonly groups: readonly string[];
  readonly email: string | null;
  readonly acr: string | null;
  readonly amr: readonly string[];
  readonly authTime: EpochSeconds | null;
  /** `sid`: the session at the provider (OpenID Connect Back-Channel Logout §2.1). */
  readonly sessionId: string | null;
  /** Thumbprint of the key that the token is bound to; null when it is bound to none. */
  readonly boundKey: string | null;
  /** Who acted for the subject when the token was made; null when nobody did. */
  readonly act: Act | null;
  /** Who alone may act for the subject; null when the token does not say. */
  readonly mayAct: Party | null;
}

type Claimed = Pick<IdentityProviderRegistration, 'issuer' | 'groupsClaim' | 'groupsPrefix'>;

const MAX_GROUPS = 256;
const MAX_METHODS = 16;

/**
 * Reads the claims that decisions rest on. Absent is absent; one that is there and not of its shape spoils the
 * token, because guessing what it meant is how a wrong permit happens.
 */
export function readIdTokenClaims(
  payload: JsonObject,
  { issuer, groupsClaim, groupsPrefix }: Claimed,
): IdTokenClaims | null {
  const subject = readName(payload['sub'], 255);
  const email = optional(payload['email'], (value) => readName(value, 320));
  const acr = optional(payload['acr'], (value) => readName(value));
  const amr = optional(payload['amr'], (value) => readNames(value, MAX_METHODS));
  const authTime = optional(payload['auth_time'], readNumericDate);
  const groups =
    groupsClaim === null ? null : optional(payload[groupsClaim], (value) => readNames(value, MAX_GROUPS));
  const sessionId = optional(payload['sid'], (value) => readName(value));
  const boundKey = optional(payload['cnf'], readBoundKey);
  const act = optional(payload['act'], (value) => readAct(value, issuer));
  const mayAct = optional(payload['may_act'], (value) => readMayAct(value, issuer));
  if (subject === null || !isDecided(email) || !isDecided(acr) || !isDecided(amr)) return null;
  if (!isDecided(authTime) || !isDecided(groups) || !isDecided(boundKey)) return null;
  if (!isDecided(act) || !isDecided(mayAct)) return null;
  if (!isDecided(sessionId)) return null;
  const named = (groups ?? []).map((group) => `${groupsPrefix}${group}`);
  return {
    subject,
    // INVARIANT: roles come from role bindings alone. What an identity provider calls like one is nobody's group.
    groups: named.filter((group) => !group.startsWith(ROLE_GROUP_PREFIX)),
    email,
    acr,
    amr: amr ?? [],
    authTime,
    sessionId,
    boundKey,
    act,
    mayAct,
  };
}

/** Null when absent, undefined when there and not readable. */
function optional<Value>(value: unknown, read: (value: unknown) => Value | null): Value | null | undefined {
  return value === undefined ? null : (read(value) ?? undefined);
}

function isDecided<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

function readNames(value: unknown, most: number): readonly string[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const names = value.map((one: unknown) => readName(one));
  return names.every((name) => name !== null) ? names : null;
}

/** Thumbprint of the key that `cnf` names (RFC 7800 §3); null when it names none that can be read. */
export function readBoundKey(cnf: unknown): string | null {
  if (!isJsonObject(cnf)) return null;
  if (cnf['jwk'] !== undefined) return readPublicKey(cnf['jwk'])?.thumbprint ?? null;
  return typeof cnf['jkt'] === 'string' && /^[A-Za-z0-9_-]{43}$/.test(cnf['jkt']) ? cnf['jkt'] : null;
}
