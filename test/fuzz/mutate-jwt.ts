import { sign } from 'node:crypto';
import type { SigningKey } from '../support/deployment/signing-key.ts';
import { mutateJson, type JsonMutation } from './mutate-json.ts';

/** Changes the header or the payload of a JWT and keeps the signature that it had, or signs it again. */
export function mutateJwt(
  jwt: string,
  { part, json }: { part: 'header' | 'payload'; json: JsonMutation },
  key: SigningKey | null,
): string {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const input =
    part === 'header' ? `${mutated(header, json)}.${payload}` : `${header}.${mutated(payload, json)}`;
  if (key === null) return `${input}.${signature}`;
  const made = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${made.toString('base64url')}`;
}

function mutated(segment: string, json: JsonMutation): string {
  return Buffer.from(mutateJson(Buffer.from(segment, 'base64url').toString(), json)).toString('base64url');
}
