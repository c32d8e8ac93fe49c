import type { IncomingMessage } from 'node:http';
import { readStrictJsonObject, type JsonObject } from '#core';
import { FetchRefused } from './fetch-refused.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads an answer as one strict JSON object of at most `maxBytes`.
 *
 * Fails  FetchRefused redirected | bad_status | encoded | too_large | not_json; whatever the stream fails with
 */
export async function readJsonBody(response: IncomingMessage, maxBytes: number): Promise<JsonObject> {
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400) throw new FetchRefused('redirected', `status ${statusCode}`);
  if (statusCode !== 200) {
    const retryAfterMs = readRetryAfter(headers['retry-after']);
    throw new FetchRefused('bad_status', `status ${statusCode}`, { status: statusCode, retryAfterMs });
  }
  const encoding = headers['content-encoding']?.toLowerCase();
  if (encoding !== undefined && encoding !== 'identity') throw new FetchRefused('encoded');
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw new FetchRefused('too_large');

  const text = decode(await readBytes(response, maxBytes));
  const document = text === null ? null : readStrictJsonObject(text);
  if (document === null) throw new FetchRefused('not_json');
  return document;
}

/** Seconds, or a date (RFC 9110 §10.2.3). */
function readRetryAfter(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

async function readBytes(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('the answer is not read as bytes');
    bytes += chunk.length;
    if (bytes > maxBytes) throw new FetchRefused('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
