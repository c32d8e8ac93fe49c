import { base64 } from './base64.ts';
import { OncekeyError } from './oncekey-error.ts';
import { sha256 } from './sha256.ts';
import { canonicalTarget, type TargetUri } from './target-uri.ts';

/** A request whose every byte is known, so that a token can be asked for exactly it. */
export interface OutgoingRequest {
  readonly method: string;
  readonly target: TargetUri;
  readonly headers: Headers;
  /** Null when there are no bytes. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  /** SHA-256 of the body, standard base64; null when there is none. */
  readonly digest: string | null;
  readonly signal: AbortSignal;
  /** A token is good for one URI, so redirects are handed to the caller, never followed. */
  readonly redirect: 'manual' | 'error';
}

/**
 * Reads a request to its end. A stream is held in memory: its digest has to be known before its first byte is sent.
 *
 * Fails  OncekeyError `unacceptable_uri` | `body_too_large`; what the body's stream throws
 */
export async function readOutgoingRequest(request: Request, maxBodyBytes: number): Promise<OutgoingRequest> {
  const target = canonicalTarget(new URL(request.url));
  if (target === null) throw new OncekeyError('unacceptable_uri', { description: request.url });
  const bytes = await readBytes(request, maxBodyBytes);
  const body = bytes.length === 0 ? null : bytes;
  return {
    method: request.method,
    target,
    headers: new Headers(request.headers),
    body,
    digest: body === null ? null : base64(await sha256(body)),
    signal: request.signal,
    redirect: request.redirect === 'error' ? 'error' : 'manual',
  };
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const take = (chunk: Uint8Array): void => {
    length += chunk.length;
    if (length > maxBytes) {
      throw new OncekeyError('body_too_large', { description: `more than ${maxBytes} bytes` });
    }
    chunks.push(chunk);
  };
  // Some browsers show no stream on requests; there the body has been in memory all along.
  if (request.body) await drain(request.body, take);
  else take(new Uint8Array(await request.arrayBuffer()));

  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function drain(stream: NonNullable<Request['body']>, take: (chunk: Uint8Array) => void): Promise<void> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) take(read.value);
  } catch (failure) {
    // The first failure is the one to tell; a stream that cannot even be cancelled has nothing to add.
    await reader.cancel(failure).catch(() => undefined);
    throw failure;
  }
}
