import { sign } from 'node:crypto';
import type { SigningKey } from '../keys/ring-key.ts';

/** A compact JWS of a published key (RFC 7515 §7.1, RFC 7518 §3.4). */
export function signJwt(
  { kid, alg, privateKey }: Pick<SigningKey, 'kid' | 'alg' | 'privateKey'>,
  typ: string,
  claims: object,
): string {
  const input = `${segment({ alg, kid, typ })}.${segment(claims)}`;
  const signature = sign('sha256', Buffer.from(input, 'latin1'), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
