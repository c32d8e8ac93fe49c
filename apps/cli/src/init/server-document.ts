import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '#core';
import { GATEWAY_SETUPS, type GatewayProduct, type GatewaySetup } from '../gateways/gateway-setups.ts';

/** What is registered of a resource server. */
export interface ServerFacts {
  readonly id: string;
  readonly clientId: string;
  readonly resource: string;
  readonly publicJwk: object;
  readonly gateway: GatewayProduct | 'none';
  /** Networks of the gateway. */
  readonly from: readonly string[];
  /** Who holds bodies against their digest; absent: whoever does by itself, else nobody. */
  readonly body?: BodyCheck;
}

export type BodyCheck = 'none' | 'gateway' | 'api';

/** Who holds bodies against their digest behind this gateway. */
export function bodyCheckOf({ gateway, body }: Pick<ServerFacts, 'gateway' | 'body'>): BodyCheck {
  if (gateway === 'none') return 'api';
  const { forwardAuth }: GatewaySetup = GATEWAY_SETUPS[gateway];
  return forwardAuth === null ? 'none' : (body ?? forwardAuth.body ?? 'none');
}

/** The registration of a resource server behind this gateway; without one, its guard introspects. */
export function serverDocument(facts: ServerFacts): JsonObject {
  const { id, clientId, resource, publicJwk, gateway, from } = facts;
  const named = { id, client_id: clientId, resource, jwks: { keys: [publicJwk] } };
  if (gateway === 'none') return named;
  const { forwardAuth }: GatewaySetup = GATEWAY_SETUPS[gateway];
  // Its module tells nothing of the request, and signs with RSA.
  if (forwardAuth === null) return { ...named, binding: 'self', algorithms: ['RS256'] };
  const body = bodyCheckOf(facts);
  return { ...named, forward_auth: { from, ...forwardAuth, ...(body === 'none' ? {} : { body }) } };
}

/** Members of a registration that are otherwise than wanted, by name; a key more does not count. */
export function serverDifferences(registered: unknown, wanted: JsonObject): readonly string[] {
  const present = isJsonObject(registered) ? registered : {};
  return Object.entries(wanted).flatMap(([name, value]) => {
    const other = present[name];
    const isSame = name === 'jwks' ? hasKeys(other, value) : isDeepStrictEqual(other, value);
    return isSame ? [] : [`${name} is ${JSON.stringify(other) ?? 'absent'}, not ${JSON.stringify(value)}`];
  });
}

/** The keys of a registration, and the one of a document where it is not among them. */
export function joinedKeys(registered: unknown, wanted: unknown): JsonObject {
  if (hasKeys(registered, wanted)) return isJsonObject(registered) ? registered : {};
  return { keys: [...rawKeysOf(registered), ...rawKeysOf(wanted)] };
}

function hasKeys(registered: unknown, wanted: unknown): boolean {
  const present = keysOf(registered);
  return keysOf(wanted).every((key) => present.some((one) => isDeepStrictEqual(one, key)));
}

function keysOf(jwks: unknown): readonly unknown[] {
  return rawKeysOf(jwks).map(publicMembers);
}

function rawKeysOf(jwks: unknown): readonly unknown[] {
  return isJsonObject(jwks) && Array.isArray(jwks['keys']) ? jwks['keys'] : [];
}

/** Those that say which key it is. */
function publicMembers(jwk: unknown): unknown {
  if (!isJsonObject(jwk)) return jwk;
  const { kty, crv, x, y, n, e } = jwk;
  return { kty, crv, x, y, n, e };
}
