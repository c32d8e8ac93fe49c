import { createHmac, createSign } from 'node:crypto';
import { makeSigningKey, segment, signJwt, type SigningKey } from './deployment/signing-key.ts';

export const partsOf = (jwt: string): [string, string, string] => {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  return [header, payload, signature];
};
export const decoded = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as never;
const raw = (text: string | Buffer): string => Buffer.from(text).toString('base64url');

/** Signs any two segments, well formed or not. */
export function signRaw(header: string, payload: string, { privateKey }: SigningKey): string {
  const signature = createSign('sha256')
    .update(`${header}.${payload}`)
    .sign({ key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${header}.${payload}.${signature.toString('base64url')}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same bytes by another spelling: the unused bits of the last character of a 64-byte signature. */
function otherTrailingBits(part: string): string {
  const last = ALPHABET.indexOf(part.at(-1) ?? 'A');
  return part.slice(0, -1) + ALPHABET[last ^ 1];
}

type Spoil = (jwt: string, key: SigningKey) => string;

/** What a good JWT, and the key that made it, can be made into. No slot takes any of them. */
export const HOSTILE_JWTS: Readonly<Record<string, Spoil>> = {
  'J-01 alg none': (jwt) => {
    const [header, payload] = partsOf(jwt);
    return `${segment({ ...decoded(header), alg: 'none' })}.${payload}.`;
  },
  'J-01 alg nOnE with a signature': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    return signRaw(segment({ ...decoded(header), alg: 'nOnE' }), payload, key);
  },
  'J-02 HS256 with the public key as secret': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    const head = segment({ ...decoded(header), alg: 'HS256' });
    const mac = createHmac('sha256', JSON.stringify(key.publicJwk))
      .update(`${head}.${payload}`)
      .digest('base64url');
    return `${head}.${payload}.${mac}`;
  },
  'J-07 ES384 by name': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    return signRaw(segment({ ...decoded(header), alg: 'ES384' }), payload, key);
  },
  'J-13 a certificate of the forger, who signs': (jwt) => {
    const [header, payload] = partsOf(jwt);
    const forger = makeSigningKey();
    return signRaw(segment({ ...decoded(header), x5c: ['MIIBszCCAVmgAwIBAgIU'] }), payload, forger);
  },
  'J-14 crit': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    return signRaw(segment({ ...decoded(header), crit: ['exp'] }), payload, key);
  },
  'J-14 an empty crit': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    return signRaw(segment({ ...decoded(header), crit: [] }), payload, key);
  },
  'J-15 b64 false': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    return signRaw(segment({ ...decoded(header), b64: false }), payload, key);
  },
  'J-20 a signature of zeros': (jwt) =>
    `${jwt.slice(0, jwt.lastIndexOf('.'))}.${Buffer.alloc(64).toString('base64url')}`,
  'J-20 a DER signature': (jwt, { privateKey }) => {
    const signingInput = jwt.slice(0, jwt.lastIndexOf('.'));
    return `${signingInput}.${createSign('sha256').update(signingInput).sign(privateKey).toString('base64url')}`;
  },
  'J-20 a signature of 63 bytes': (jwt) => {
    const [header, payload, signature] = partsOf(jwt);
    return `${header}.${payload}.${Buffer.from(signature, 'base64url').subarray(1).toString('base64url')}`;
  },
  'J-22 other unused bits at the end': (jwt) => {
    const [header, payload, signature] = partsOf(jwt);
    return `${header}.${payload}.${otherTrailingBits(signature)}`;
  },
  'J-22 padding': (jwt) => `${jwt}==`,
  'J-22 a blank inside': (jwt) => `${jwt.slice(0, -4)} ${jwt.slice(-4)}`,
  'J-22 the standard alphabet': (jwt) => {
    const [header, payload, signature] = partsOf(jwt);
    return `${header}.${payload}.${signature.slice(0, -1)}/`;
  },
  'J-23 a fourth part': (jwt) => `${jwt}.AAAA`,
  'J-23 two parts': (jwt) => jwt.slice(0, jwt.lastIndexOf('.')),
  'J-23 a dot in front': (jwt) => `.${jwt}`,
  'J-23 the JSON serialisation': (jwt) => {
    const [header, payload, signature] = partsOf(jwt);
    return JSON.stringify({ protected: header, payload, signature });
  },
  'J-25 many dots': () => '.'.repeat(8000),
  'J-26 deep nesting': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    const text = Buffer.from(payload, 'base64url').toString();
    return signRaw(header, raw(`${text.slice(0, -1)},"deep":${'['.repeat(1000)}${']'.repeat(1000)}}`), key);
  },
  'J-28 alg twice': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    const text = Buffer.from(header, 'base64url').toString();
    return signRaw(raw(`{"alg":"none",${text.slice(1)}`), payload, key);
  },
  'J-28 a claim twice': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    const text = Buffer.from(payload, 'base64url').toString();
    return signRaw(header, raw(`{"jti":"first",${text.slice(1, -1)},"jti":"second"}`), key);
  },
  'J-30 a JWE': () =>
    `${segment({ alg: 'dir', enc: 'A256GCM' })}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
  'J-31 PBES2 with a great count': () =>
    `${segment({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 1e9, p2s: 'AAAA' })}.AAAA.AAAA.AAAA.AAAA`,
  'J-32 a byte order mark': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    return signRaw(raw(`\ufeff${Buffer.from(header, 'base64url').toString()}`), payload, key);
  },
  'J-32 bytes that are not UTF-8': (jwt, key) => {
    const [header] = partsOf(jwt);
    return signRaw(header, raw(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), key);
  },
  'J-33 a payload that is a list': (jwt, key) => signRaw(partsOf(jwt)[0], raw('[]'), key),
  'J-33 a payload that is null': (jwt, key) => signRaw(partsOf(jwt)[0], raw('null'), key),
  'J-36 a kid that is an object': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    return signRaw(segment({ ...decoded(header), kid: {} }), payload, key);
  },
  'J-24 a very long payload': (jwt, key) => {
    const [header, payload] = partsOf(jwt);
    const text = Buffer.from(payload, 'base64url').toString();
    return signRaw(header, raw(`${text.slice(0, -1)},"pad":"${'x'.repeat(9000)}"}`), key);
  },
  'another kind of JWT': (_jwt, key) => signJwt({ typ: 'logout+jwt' }, { sub: 'x', jti: 'y' }, key),
  'an empty string, nearly': () => '.',
};
