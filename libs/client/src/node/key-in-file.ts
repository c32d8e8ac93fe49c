import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, unlink, type FileHandle } from 'node:fs/promises';
import { OncekeyError } from '../oncekey-error.ts';
import { readSigningKey, type PrivateJwk } from '../signing-key.ts';

const MAX_KEY_BYTES = 8192;

/**
 * The private key in a file, for `dpopKey` or `clientKey`: one that nobody but the owner may read (mode 0600). Where
 * there is no file, a new P-256 key is put there, and of several processes that do so at once all get the same one.
 *
 * Fails  OncekeyError `unacceptable_key` when others may read or write the file, when it is somebody else's, a link,
 *        or holds no private key; the error of the file system for everything else
 */
export async function keyInFile(path: string): Promise<PrivateJwk> {
  try {
    return await readKey(path);
  } catch (failure) {
    if (codeOf(failure) !== 'ENOENT') throw failure;
  }
  await putKey(path);
  return readKey(path);
}

async function readKey(path: string): Promise<PrivateJwk> {
  const file = await openItself(path);
  try {
    const { mode, uid, size } = await file.stat();
    const owner = process.getuid?.();
    // Where there are no owners, as on Windows, there are no such modes either.
    if (owner !== undefined && ((mode & 0o077) !== 0 || uid !== owner)) {
      throw unacceptable(`${path} has to be yours, with mode 0600`);
    }
    if (size > MAX_KEY_BYTES) throw unacceptable(`${path} is no key`);
    const key = readJwk(await file.readFile('utf8'));
    if (key === null) throw unacceptable(`${path} holds no private key as JWK`);
    await readSigningKey(key);
    return key;
  } finally {
    await file.close();
  }
}

async function openItself(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (failure) {
    throw codeOf(failure) === 'ELOOP' ? unacceptable(`${path} is a link`) : failure;
  }
}

/** Whole or not at all: the name appears with the key in it, and only where there is none. */
async function putKey(path: string): Promise<void> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey);
  const unfinished = `${path}.${randomUUID()}`;
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ kty, crv, x, y, d })}\n`);
    await file.sync();
    await link(unfinished, path);
  } catch (failure) {
    if (codeOf(failure) !== 'EEXIST') throw failure;
  } finally {
    await file.close();
    await unlink(unfinished);
  }
}

function readJwk(text: string): PrivateJwk | null {
  try {
    const value: unknown = JSON.parse(text);
    return isPrivateJwk(value) ? value : null;
  } catch {
    return null;
  }
}

/** As far as reading goes; what is in the members WebCrypto says. */
function isPrivateJwk(value: unknown): value is PrivateJwk {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kty' in value &&
    typeof value.kty === 'string' &&
    'd' in value
  );
}

function codeOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'code' in failure ? failure.code : undefined;
}

function unacceptable(description: string): OncekeyError {
  return new OncekeyError('unacceptable_key', { description });
}
