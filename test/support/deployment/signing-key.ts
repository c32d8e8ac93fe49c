import {
  constants,
  createHash,
  generateKeyPairSync,
  randomUUID,
  sign,
  type KeyObject,
  type SignKeyObjectInput,
} from 'node:crypto';

export type SigningAlgorithm = 'ES256' | 'PS256' | 'RS256' | 'EdDSA' | 'Ed25519';

/** A key pair that makes JWTs, hostile ones included: it signs whatever it is given. */
export interface SigningKey {
  readonly alg: SigningAlgorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** With `kid`, `use` and `alg`. */
  readonly publicJwk: Record<string, unknown>;
  /** RFC 7638. */
  readonly thumbprint: string;
}

export function makeSigningKey(alg: SigningAlgorithm = 'ES256'): SigningKey {
  const { privateKey, publicKey } = generateFor(alg);
  const members = publicKey.export({ format: 'jwk' });
  const canonical = Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
  const kid = randomUUID();
  return {
    alg,
    kid,
    privateKey,
    publicJwk: { ...members, kid, use: 'sig', alg },
    thumbprint: createHash('sha256').update(JSON.stringify(canonical)).digest('base64url'),
  };
}

/** A compact JWS of exactly these members; `alg` is the key's unless the header says otherwise. */
export function signJwt(header: object, claims: object, key: SigningKey): string {
  const signingInput = `${segment({ alg: key.alg, ...header })}.${segment(claims)}`;
  return `${signingInput}.${signatureOf(signingInput, key).toString('base64url')}`;
}

export function segment(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signatureOf(signingInput: string, { alg, privateKey }: SigningKey): Buffer {
  const data = Buffer.from(signingInput);
  switch (alg) {
    case 'ES256':
      return sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    case 'PS256': {
      const key: SignKeyObjectInput = {
        key: privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      };
      return sign('sha256', data, key);
    }
    case 'RS256':
      return sign('sha256', data, privateKey);
    case 'EdDSA':
    case 'Ed25519':
      return sign(null, data, privateKey);
  }
}

function generateFor(alg: SigningAlgorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (alg) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'PS256':
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'EdDSA':
    case 'Ed25519':
      return generateKeyPairSync('ed25519');
  }
}
