import { USES, type TokenEntry } from '#core';
import type { BatchRun } from './batch-run.ts';
import { isUuid } from './binary-arrays.ts';
import type { Act, BatchEntry } from './pending-entry.ts';
import { bucketOf } from './ring.ts';

export type Spend = Extract<Act, { act: 'spend' }>;
export type Mismatch = Extract<Act, { act: 'mismatch' }>;

/** All that one batch wants of one token. Either list may be empty, never both. */
export interface TokenWork {
  readonly jti: string;
  readonly exp: number;
  readonly incarnation: string;
  readonly bucket: number;
  readonly spends: { readonly entry: BatchEntry; readonly wants: Spend }[];
  readonly mismatches: { readonly entry: BatchEntry; readonly wants: Mismatch }[];
}

/** An incarnation as `openIncarnation` names it: anything else is not ours, and not sent to the server. */
const INCARNATION = /^[\w-]{1,64}$/;

/** No URI in canonical form has other characters, nor as many. */
const URI = /^[!-~]{1,4096}$/;

/**
 * What the entries want, token by token; tokens of other ledgers are left out. Two tokens are the same when all is
 * the same that their seals hold.
 */
export function tokenRows(
  entries: readonly BatchEntry[],
  { ledger, tokens }: Pick<BatchRun, 'ledger' | 'tokens'>,
): TokenWork[] {
  const rows = new Map<string, TokenWork>();
  for (const entry of entries) {
    const { wants } = entry;
    if (wants?.act !== 'spend' && wants?.act !== 'mismatch') continue;
    const { token } = wants;
    if (token.ledger !== ledger || !INCARNATION.test(token.incarnation)) continue;
    const jti = token.jti.toLowerCase();
    const key = `${jti} ${token.exp} ${token.incarnation}`;
    let row = rows.get(key);
    if (row === undefined) {
      const { exp, incarnation } = token;
      row = { jti, exp, incarnation, bucket: bucketOf(tokens, exp), spends: [], mismatches: [] };
      rows.set(key, row);
    }
    if (wants.act === 'spend') row.spends.push({ entry, wants });
    else row.mismatches.push({ entry, wants });
  }
  return [...rows.values()];
}

/** Can the server be asked about it? */
export function isStorable({ jti, exp, incarnation }: TokenEntry): boolean {
  return isUuid(jti) && Number.isSafeInteger(exp) && exp >= 0 && INCARNATION.test(incarnation);
}

/** Fails  RangeError when the server could not take the token's row: it must not fail the rows beside it */
export function requireStorable({ act, token }: Spend | Mismatch): void {
  if (!isUuid(token.jti)) throw new RangeError('the id of a token is not a UUID');
  if (!Number.isSafeInteger(token.exp) || token.exp < 0)
    throw new RangeError('the expiry of a token is no time');
  if (act === 'spend' && token.spender !== (token.spender | 0)) {
    throw new RangeError('the number of a spender has 32 bits');
  }
  if (act === 'spend' && token.targetUri !== null && !URI.test(token.targetUri)) {
    throw new RangeError('the target of a spend is no canonical URI');
  }
  if (act === 'spend' && !(Number.isInteger(token.uses) && token.uses >= 1 && token.uses <= USES.most)) {
    throw new RangeError('the uses of a token are no number of uses');
  }
}
