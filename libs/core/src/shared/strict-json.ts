/** A JSON object as read; members still have to be checked one by one. */
export type JsonObject = { readonly [member: string]: unknown };

export interface JsonCaps {
  /** Deepest nesting of arrays and objects; the outermost counts as one. */
  maxDepth: number;
}

const DEFAULT_CAPS: JsonCaps = { maxDepth: 12 };

/**
 * Reads JSON that must mean the same to every reader: a repeated member, a lone surrogate or too
 * deep a nesting refuses the document (RFC 7493 §2). Null when refused. The caller caps the length before it
 * calls. Members keep any name, `__proto__` included: readers ask for members by name and copy nothing wholesale.
 */
export function readStrictJson(text: string, caps: JsonCaps = DEFAULT_CAPS): { value: unknown } | null {
  const written = countWrittenMembers(text, caps.maxDepth);
  if (written === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  // `JSON.parse` folds repeated members into one, so fewer are left than were written.
  if (countMembers(value) !== written) return null;
  return MAY_HOLD_SURROGATE.test(text) && holdsLoneSurrogate(value) ? null : { value };
}

/** As `readStrictJson`, for documents that must be an object. */
export function readStrictJsonObject(text: string, caps?: JsonCaps): JsonObject | null {
  const read = readStrictJson(text, caps);
  return read !== null && isJsonObject(read.value) ? read.value : null;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Do two values that were read from JSON say the same? The order of members does not matter; that of lists does. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, at) => isSameJson(one, b[at]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSameJson(a[name], b[name]))
  );
}

/**
 * Members that `text` writes down, every repetition counted; null when it nests deeper than `maxDepth`, which is
 * found before anything is built. Follows strings and brackets only: whether it is JSON is for `JSON.parse` to say.
 */
function countWrittenMembers(text: string, maxDepth: number): number | null {
  let written = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        if (at === -1) return null;
        break;
      case 0x3a: // :
        written++;
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > maxDepth) return null;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      default:
    }
  }
  return written;
}

/** Index of the closing quote of the string that opens at `start`, or -1. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}

/** Members of all objects in `value`. Recursion ends at the depth that was allowed. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts: readonly unknown[] = Object.values(value);
  let members = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) if (typeof part === 'object') members += countMembers(part);
  return members;
}

/** Half a character, escaped or as it is; whole ones are found too, and looked at more closely. */
const MAY_HOLD_SURROGATE = /\\u[dD]|[\ud800-\udfff]/;

const LONE_SURROGATE = /\p{Surrogate}/u;

function holdsLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return LONE_SURROGATE.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, part]) => LONE_SURROGATE.test(name) || holdsLoneSurrogate(part));
}
