import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
} from 'node:crypto';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makePrivateFolder, readPrivateJwk, writePrivateFile, type JwkTexts } from '#quickstart';
import { newDeviceKey } from '../profile/device-key.ts';

/** The key by which a resource server authenticates; the private half stays in its file. */
export interface ServerKey {
  readonly publicJwk: JsonWebKey;
  /** Writes the file, readable to its owner alone, where there is none yet. */
  readonly keep: () => Promise<void>;
  readonly isNew: boolean;
}

/**
 * The key of a file, or a new one for it.
 *
 * In     algorithm  of a new key
 * Fails  Error that names the file, and nothing of what is in it
 */
export async function serverKey(file: string, algorithm: 'ES256' | 'RS256'): Promise<ServerKey> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  const jwk = isThere ? await readPrivateJwk(file) : algorithm === 'RS256' ? newRsaKey() : newDeviceKey();
  return {
    publicJwk: publicJwkOf(jwk),
    isNew: !isThere,
    keep: async () => {
      if (isThere) return;
      await makePrivateFolder(dirname(file));
      await writePrivateFile(file, `${JSON.stringify(jwk, null, 2)}\n`);
    },
  };
}

function newRsaKey(): JwkTexts {
  // Out of its bytes: Node 20 can stand still when it exports a key that it has just generated as a JWK.
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const {
    n = '',
    e = '',
    d = '',
    p = '',
    q = '',
    dp = '',
    dq = '',
    qi = '',
  } = createPrivateKey(privateKey).export({ format: 'jwk' });
  const kty = 'RSA';
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  return { kty, n, e, d, p, q, dp, dq, qi, kid, alg: 'RS256', use: 'sig' };
}

/** What may be shown of it, whatever kind it is. */
function publicJwkOf(jwk: JwkTexts): JsonWebKey {
  const { kid, alg } = jwk;
  return {
    ...createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' }),
    ...(kid === undefined ? {} : { kid }),
    ...(alg === undefined ? {} : { alg }),
    use: 'sig',
  };
}
