import type { JsonObject } from '../shared/strict-json.ts';
import type { TransactionClaims } from './transaction-token.ts';

const TEXTS = ['iss', 'aud', 'txn', 'sub', 'scope', 'req_wl'] as const;

/** The claims of a transaction token whose signature is by a key of ours. Null when it is of another kind after all. */
export function readTransactionClaims(payload: JsonObject): TransactionClaims | null {
  return isTransaction(payload) ? payload : null;
}

/** Whom it is about: `sub` has the issuer before the name, and no issuer holds a `|`. */
export function subjectOfTransaction({ sub }: Pick<TransactionClaims, 'sub'>): {
  readonly issuer: string;
  readonly subject: string;
} {
  const at = sub.indexOf('|');
  return { issuer: sub.slice(0, at), subject: sub.slice(at + 1) };
}

/** INVARIANT: we signed it as a transaction token, so what has these members has them as we wrote them. */
function isTransaction(payload: object): payload is TransactionClaims {
  const read = (name: string): unknown => Reflect.get(payload, name);
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
  return (
    TEXTS.every((name) => typeof read(name) === 'string') &&
    Number.isSafeInteger(read('exp')) &&
    isObject(read('tctx')) &&
    isObject(read('rctx'))
  );
}
