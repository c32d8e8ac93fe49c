import type { KeptSpend, TokenAct, TokenEntry, TokenOutcome, TokenState } from '#core';
import { VALUES_PER_ACT } from './settle-script.ts';

/** What the script is told of an act: as many values as it expects of each. */
export function valuesOf({ act, token }: TokenAct | { act: 'look'; token: TokenEntry }): readonly string[] {
  const values = [act, token.incarnation, shortId(token.jti), String(token.exp)];
  if (act === 'spend') {
    const { spender, repeatKey, fingerprint, uses, targetUri } = token;
    values.push(String(spender), textOf(repeatKey), textOf(fingerprint), String(uses), targetUri ?? '');
  }
  return [...values, ...Array<string>(VALUES_PER_ACT - values.length).fill('')];
}

/** Half as long as in UUID form, and the same however that was spelled. */
function shortId(jti: string): string {
  return Buffer.from(jti.replaceAll('-', ''), 'hex').toString('base64url');
}

function textOf(bytes: Buffer | null): string {
  return bytes?.toString('base64url') ?? '';
}

const BEYOND: TokenOutcome = { is: 'unsettled', why: 'the token lives longer than the ledger remembers' };

const VERDICTS = [
  'spent',
  'repeated',
  'key_conflict',
  'already_spent',
  'killed',
  'expired',
  'ledger_gone',
] as const;

/** Fails  Error when the script did not write it */
export function readOutcome(line: unknown): TokenOutcome {
  const [kind, word, killed] = wordsOf(line);
  const verdict = VERDICTS.find((one) => one === word);
  if (kind === 'judged' && verdict !== undefined) return { is: 'judged', verdict };
  if (kind === 'noted') return { is: 'noted', mismatches: Number(word), killed: killed === '1' };
  if (kind === 'beyond') return BEYOND;
  throw new Error('the ledger said something that nobody understands');
}

const STATES = ['unspent', 'spent', 'killed', 'expired', 'ledger_gone'] as const;

/** What was seen of a token; a token that would have to be remembered for too long was never spent. Fails as above */
export function readState(line: unknown): { readonly state: TokenState; readonly spend: KeptSpend | null } {
  const [kind, word, spender, targetUri = null] = wordsOf(line);
  if (kind === 'beyond') return { state: 'unspent', spend: null };
  const state = STATES.find((one) => one === word);
  if (kind !== 'state' || state === undefined) throw new Error('the ledger knows no such state');
  return { state, spend: spender === undefined ? null : { spender: Number(spender), targetUri } };
}

function wordsOf(line: unknown): readonly string[] {
  return typeof line === 'string' ? line.split(' ') : [];
}
