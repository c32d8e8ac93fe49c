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
  if (!hasUniqueMembers(text, caps.maxDepth)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return null;
  }
}

/** As `readStrictJson`, for documents that must be an object. */
export function readStrictJsonObject(text: string, caps?: JsonCaps): JsonObject | null {
  const read = readStrictJson(text, caps);
  return read !== null && isJsonObject(read.value) ? read.value : null;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * One pass over the text, before `JSON.parse` folds repeated members into one. It follows strings and brackets
 * only; whether the rest is JSON at all is for `JSON.parse` to say.
 */
function hasUniqueMembers(text: string, maxDepth: number): boolean {
  const members: (Set<string> | null)[] = [];
  let expectsName = false;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: {
        const end = endOfString(text, i);
        if (end === -1) return false;
        const names = members.at(-1);
        if (expectsName && names) {
          const name = decodedName(text.slice(i, end + 1));
          if (name === null || names.has(name)) return false;
          names.add(name);
          expectsName = false;
        } else if (!isWellFormed(text, i, end)) {
          return false;
        }
        i = end;
        break;
      }
      case 0x7b:
        if (members.push(new Set()) > maxDepth) return false;
        expectsName = true;
        break;
      case 0x5b:
        if (members.push(null) > maxDepth) return false;
        expectsName = false;
        break;
      case 0x7d:
      case 0x5d:
        members.pop();
        expectsName = false;
        break;
      case 0x2c:
        expectsName = members.at(-1) instanceof Set;
        break;
      default:
    }
  }
  return true;
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

function decodedName(quoted: string): string | null {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    const name: unknown = JSON.parse(quoted);
    return typeof name === 'string' && !LONE_SURROGATE.test(name) ? name : null;
  } catch {
    return null;
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Only an escape can spell half a character: text that was decoded from UTF-8 holds none. */
function isWellFormed(text: string, start: number, end: number): boolean {
  const escape = text.indexOf('\\u', start);
  if (escape === -1 || escape > end) return true;
  return decodedName(text.slice(start, end + 1)) !== null;
}
