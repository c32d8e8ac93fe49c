import { decodeBase64url } from '../shared/base64url.ts';
import { readStrictJsonObject, type JsonObject } from '../shared/strict-json.ts';

/** Longest JWT that is looked at, in characters. */
export const MAX_JWT_CHARS = 8192;

/** Deepest nesting in a JWT's header or payload. */
const MAX_DEPTH = 8;

/** A JWT taken apart, not yet believed: nothing in it has been verified. */
export interface CompactJws {
  readonly alg: string;
  readonly typ: string | null;
  readonly kid: string | null;
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** `header.payload`, as it was signed. One token has one; its signature may have several spellings. */
  readonly signingInput: string;
  readonly signature: Uint8Array;
}

/**
 * Takes a compact JWS apart, strictly: three segments of canonical base64url, UTF-8 JSON objects without repeated
 * members, no `crit`, no `b64`, string `alg`, `typ` and `kid`. Null for everything else, JWE and the JSON
 * serialisations included. Libraries let most of this pass.
 *
 * Spec   RFC 7515 §5.2, §7.1; RFC 8725 §3.4, §3.12
 */
export function readCompactJws(text: string): CompactJws | null {
  if (text.length > MAX_JWT_CHARS) return null;
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  if (first < 1 || second === -1 || text.includes('.', second + 1)) return null;

  const header = readSegment(text.slice(0, first));
  if (header === null) return null;
  const { alg, typ, kid } = header;
  if (typeof alg !== 'string' || 'crit' in header || 'b64' in header) return null;
  if (typ !== undefined && typeof typ !== 'string') return null;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID_CHARS)) return null;

  const payload = readSegment(text.slice(first + 1, second));
  const signature = decodeBase64url(text.slice(second + 1));
  if (payload === null || signature === null) return null;
  return {
    alg,
    typ: typ ?? null,
    kid: kid ?? null,
    header,
    payload,
    signingInput: text.slice(0, second),
    signature,
  };
}

const MAX_KID_CHARS = 256;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readSegment(segment: string): JsonObject | null {
  const bytes = decodeBase64url(segment);
  if (bytes === null) return null;
  try {
    return readStrictJsonObject(utf8.decode(bytes), { maxDepth: MAX_DEPTH });
  } catch {
    return null;
  }
}
