import type { Readable } from 'node:stream';

/** Where an adapter is not told otherwise. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads a stream to its end. Null when it holds more than `maxBytes`: the rest is then read and thrown away, so that
 * there is still a connection to answer on.
 *
 * Fails  with the stream's error, or when the caller went away before the end
 */
export function readRawBody(stream: Readable, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
        resolve(null);
      }
    });
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
    stream.on('close', () => reject(new Error('the request broke off')));
  });
}
