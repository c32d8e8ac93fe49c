/** Media types that `typ` may name, per kind of JWT that this broker reads. Absent is '' (RFC 8725 §3.11). */
const KINDS = {
  client_assertion: ['', 'jwt', 'client-authentication+jwt'],
  id_token: ['', 'jwt'],
  key_bound_id_token: ['dpop+id_token'],
  dpop_proof: ['dpop+jwt'],
} as const satisfies Record<string, readonly string[]>;

export type JwtKind = keyof typeof KINDS;

/** Is a JWT with this `typ` of that kind? Compared as a media type: case and `application/` do not matter (RFC 7515 §4.1.9). */
export function isOfKind(typ: string | null, kind: JwtKind): boolean {
  const bare = (typ ?? '').toLowerCase().replace(/^application\//, '');
  const accepted: readonly string[] = KINDS[kind];
  return accepted.includes(bare);
}
