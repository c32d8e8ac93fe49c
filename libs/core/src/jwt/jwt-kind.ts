/** Media types that `typ` may name, per kind of JWT that this broker reads; null where it may be absent (RFC 8725 §3.11). */
const KINDS = {
  client_assertion: [null, 'jwt', 'client-authentication+jwt'],
  workload_token: [null, 'jwt'],
  jwt_svid: [null, 'jwt', 'jose'],
  client_attestation: ['oauth-client-attestation+jwt'],
  client_attestation_pop: ['oauth-client-attestation-pop+jwt'],
  id_token: [null, 'jwt'],
  key_bound_id_token: ['dpop+id_token'],
  id_jag: ['oauth-id-jag+jwt'],
  dpop_proof: ['dpop+jwt'],
  transaction_token: ['txntoken+jwt'],
  security_event: ['secevent+jwt'],
  global_revocation: ['global-token-revocation+jwt'],
} as const satisfies Record<string, readonly (string | null)[]>;

export type JwtKind = keyof typeof KINDS;

/** Is a JWT with this `typ` of that kind? Compared as a media type: case and `application/` do not matter (RFC 7515 §4.1.9). */
export function isOfKind(typ: string | null, kind: JwtKind): boolean {
  const accepted: readonly (string | null)[] = KINDS[kind];
  if (typ === null) return accepted.includes(null);
  return MEDIA_TYPE.test(typ) && accepted.includes(typ.toLowerCase().replace(/^application\//, ''));
}

/** ASCII only: outside of it there are letters whose lower case is a plain `k`. */
const MEDIA_TYPE = /^[!-~]+$/;
