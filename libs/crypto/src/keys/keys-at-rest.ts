import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { JWE, JWK } from 'node-jose';
import {
  decodeBase64url,
  readStrictJsonObject,
  type KeyLife,
  type JsonObject,
  type KeyUse,
  type StoredKey,
} from '#core';
import type { Kek } from './kek.ts';
import { readRingKey } from './read-ring-key.ts';
import type { RingKey } from './ring-key.ts';

/** A key that rests in the ring did not open. */
export class KeyDoesNotOpen extends Error {
  override readonly name = 'KeyDoesNotOpen';

  constructor(kid: string) {
    super(`key ${kid} of the key ring does not open under the configured key-encryption key`);
  }
}

/** Header of a JWE that we made: no compression, no extension, nothing that makes opening it costly. */
const HEADER_MEMBERS = ['alg', 'enc', 'iv', 'kid', 'tag'];
const KEK_KID = 'kek';
const MAX_SEALED_CHARS = 4096;
const SEALING_KID_BYTES = 9;

/**
 * Makes keys, and encrypts them under the key-encryption key for the time that they lie in the database
 * (RFC 7516, `A256GCMKW` and `A256GCM`). Opens nothing that this class did not make.
 */
export class KeysAtRest {
  private constructor(private readonly kek: JWK.Key) {}

  static async under({ key }: Kek): Promise<KeysAtRest> {
    const k = key.export().toString('base64url');
    return new KeysAtRest(await JWK.asKey({ kty: 'oct', k, kid: KEK_KID, alg: 'A256GCMKW', use: 'enc' }));
  }

  /** A new key, ready to be stored. */
  async make({ use, createdAt, activeFrom }: Omit<KeyLife, 'kid'>): Promise<StoredKey> {
    const key = await generate(use);
    const sealedJwk = await JWE.createEncrypt({ format: 'compact', contentAlg: 'A256GCM' }, this.kek)
      .update(JSON.stringify(key.toJSON(true)))
      .final();
    return { kid: key.kid, use, createdAt, activeFrom, sealedJwk };
  }

  /** Fails  KeyDoesNotOpen: another key-encryption key, or a row that was tampered with */
  async open(stored: StoredKey): Promise<RingKey> {
    if (!isOurs(stored)) throw new KeyDoesNotOpen(stored.kid);
    const jwk = await this.decrypt(stored);
    const key = jwk === null ? null : readRingKey(stored, jwk);
    if (key === null) throw new KeyDoesNotOpen(stored.kid);
    return key;
  }

  private async decrypt({ sealedJwk }: StoredKey): Promise<JsonObject | null> {
    try {
      const { payload } = await JWE.createDecrypt(this.kek, { algorithms: ['A256GCMKW', 'A256GCM'] }).decrypt(
        sealedJwk,
      );
      return readStrictJsonObject(payload.toString('utf8'));
    } catch {
      // The library's error says no more than that no key opens it.
      return null;
    }
  }
}

/** A signing key is called by its thumbprint (RFC 7638); a sealing key by chance, since its thumbprint hashes a secret. */
async function generate(use: KeyUse): Promise<JWK.Key> {
  if (use === 'seal') {
    const kid = randomBytes(SEALING_KID_BYTES).toString('base64url');
    return JWK.createKey('oct', 256, { use: 'enc', alg: 'A256GCM', kid });
  }
  // The library would multiply points in JavaScript, which takes the event loop a tenth of a second.
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return JWK.asKey({ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' });
}

function isOurs({ sealedJwk }: StoredKey): boolean {
  // The library reads five segments and does not look whether there are more.
  if (sealedJwk.length > MAX_SEALED_CHARS || sealedJwk.split('.').length !== 5) return false;
  const bytes = decodeBase64url(sealedJwk.slice(0, sealedJwk.indexOf('.')));
  const header = bytes === null ? null : readStrictJsonObject(bytes.toString('utf8'));
  return (
    header !== null &&
    Object.keys(header).toSorted().join() === HEADER_MEMBERS.join() &&
    header['alg'] === 'A256GCMKW' &&
    header['enc'] === 'A256GCM' &&
    header['kid'] === KEK_KID
  );
}
