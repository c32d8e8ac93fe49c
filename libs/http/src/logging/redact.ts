import { describeError } from './describe-error.ts';

/** Names of members whose values open something. */
const SECRET_NAME =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|dpop|dpop_proof|deferral_code|client_assertion|subject_token|actor_token|access_token|id_token|token|assertion|password|passphrase|kek|connectionstring|databaseurl|database_url|.*secret.*|.*private.*)$/i;

export const REDACTED = '[redacted]';

const MAX_DEPTH = 5;
const MAX_CHARS = 2048;
const MAX_MEMBERS = 50;

/** A copy of what is to be logged: secrets out by their names, long texts cut, errors as plain objects. */
function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > MAX_CHARS ? `${value.slice(0, MAX_CHARS)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return redact(describeError(value), depth + 1);
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((one) => redact(one, depth + 1));
  return redactMembers(value, depth);
}

export function redactMembers(value: object, depth = 0): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value).slice(0, MAX_MEMBERS)) {
    copy[name] = SECRET_NAME.test(name) ? REDACTED : redact(member, depth + 1);
  }
  return copy;
}
