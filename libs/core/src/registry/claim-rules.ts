import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';

/** What one claim of a workload's token has to be. */
export interface ClaimRule {
  /** Names of members from the payload down: `['repository_id']`, `['kubernetes.io', 'namespace']`. */
  readonly path: readonly string[];
  /** Any of these, code point for code point. */
  readonly values: readonly string[];
}

/** Does a payload say all that the rules demand? What is absent, or no string, fulfils nothing. */
export function fulfils(payload: JsonObject, rules: readonly ClaimRule[]): boolean {
  return rules.every(({ path, values }) => {
    const said = valueAt(payload, path);
    return typeof said === 'string' && values.includes(said);
  });
}

function valueAt(payload: JsonObject, path: readonly string[]): unknown {
  let value: unknown = payload;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/**
 * A claim's name as registrations have it: plain, or a JSON pointer (RFC 6901) to a member of a claim. Null when it
 * is neither.
 */
export function readClaimPath(text: string): readonly string[] | null {
  if (text === '' || text.length > 256) return null;
  if (!text.startsWith('/')) return [text];
  if (/~(?![01])/.test(text)) return null;
  const path = text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return path.includes('') || path.length > 4 ? null : path;
}
