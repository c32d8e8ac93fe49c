import { open } from 'node:fs/promises';
import { OncekeyError } from '../oncekey-error.ts';
import { readToken, type TokenSource } from '../token-source.ts';

const MAX_FILE_BYTES = 16_384;

/**
 * A token that a platform keeps fresh in a file: a projected service account token of Kubernetes, a JWT-SVID of
 * `spiffe-helper`. The file is read at every exchange, so that a new token is used as soon as it is there.
 *
 * Fails  OncekeyError `no_token` when the file cannot be read or holds no JWT
 */
export function tokenFromFile(path: string): TokenSource {
  return async () => readToken(await readText(path), path);
}

async function readText(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return bytesRead > MAX_FILE_BYTES ? '' : buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new OncekeyError('no_token', { description: `${path} cannot be read`, cause });
  }
}
