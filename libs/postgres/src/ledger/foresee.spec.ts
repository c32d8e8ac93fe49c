import type { Claim, SpendAttempt, SpentTokens } from '#core';
import { foresee } from './foresee.ts';
import type { Act, BatchEntry } from './pending-entry.ts';
import { tokenRing, USED_IDS } from './ring.ts';
import { usedId } from './used-id.ts';

const TOKENS = tokenRing(150);
const RUN = { ledger: 'main', tokens: TOKENS, elsewhere: null };
const JTI = '0191e0c0-0000-7000-8000-00000000000';

const claim = (id: string, expiresAt = 1_000_000): Claim => ({
  kind: 'client_assertion',
  owner: 'desk',
  id,
  expiresAt,
  onReuse: 'client.replayed',
});

const token = (last: number, changes: Partial<SpendAttempt> = {}): SpendAttempt => ({
  jti: `${JTI}${last}`,
  exp: 1_000,
  ledger: 'main',
  incarnation: 'now',
  spender: 7,
  repeatKey: null,
  fingerprint: Buffer.alloc(8),
  uses: 1,
  targetUri: null,
  issuedAt: 0,
  reliances: [],
  ...changes,
});

const entry = (wants: Act, ...claims: Claim[]): BatchEntry => ({
  usedIds: claims.map(usedId),
  wants,
  row: null,
  conclude: () => true,
  resolve: () => undefined,
  reject: () => undefined,
});

const spend = (of: SpendAttempt, ...claims: Claim[]): BatchEntry =>
  entry({ act: 'spend', token: of }, ...claims);

describe('what a batch needs where all goes well', () => {
  it('is all of its ids and tokens in the order in which they lock, and what its permits stand on', () => {
    const reliance = { kind: 'subject', id: 'alice', since: 1 } as const;
    const late = USED_IDS.bucketSeconds * 1000;
    const foreseen = foresee(
      [
        spend(token(2), claim('b'), claim('late', late)),
        spend(token(1), claim('a')),
        entry({ act: 'permit', reliances: [reliance] }),
        entry(null, claim('c')),
      ],
      RUN,
    );
    expect(foreseen?.tokens.map(({ jti }) => jti)).toEqual([`${JTI}1`, `${JTI}2`]);
    expect(foreseen?.ids.map(({ bucket }) => bucket)).toEqual([0, 0, 0, 1]);
    const keys = foreseen?.ids.slice(0, 3).map(({ key }) => key) ?? [];
    expect(keys).toEqual(keys.toSorted((one, other) => (one < other ? -1 : 1)));
    expect(foreseen?.reliances).toEqual([reliance]);
  });

  it.each<[string, readonly BatchEntry[]]>([
    ['one id is used by two', [entry(null, claim('a')), entry(null, claim('a'))]],
    ['one token is spent by two', [spend(token(1)), spend(token(1))]],
    [
      'one token is written in two ways',
      [spend(token(1)), spend(token(1, { jti: `${JTI}1`.toUpperCase() }))],
    ],
    ['a token is of another ledger', [spend(token(1)), spend(token(2, { ledger: 'other' }))]],
    ['tokens are of two incarnations', [spend(token(1)), spend(token(2, { incarnation: 'old' }))]],
    ['tokens lie in buckets that are no neighbours', [spend(token(1)), spend(token(2, { exp: 1_300 }))]],
    [
      'ids lie in buckets that are no neighbours',
      [entry(null, claim('a')), entry(null, claim('b', 2 * USED_IDS.bucketSeconds * 1000))],
    ],
    ['a mismatch is to be counted', [spend(token(1)), entry({ act: 'mismatch', token: token(2) })]],
    [
      'something is to be cut off',
      [entry({ act: 'revoke', revocation: { source: 'desk', saidAt: null, event: null, cutOffs: [] } })],
    ],
  ])('cannot be foreseen where %s', (_, batch) => {
    expect(foresee(batch, RUN)).toBeNull();
  });

  it('cannot be foreseen where tokens are spent elsewhere; ids and permits can', () => {
    const elsewhere: SpentTokens = {
      current: () => ({ ledger: 'main', incarnation: 'now' }),
      look: () => Promise.resolve('unspent'),
      spendOf: () => Promise.resolve(null),
      settle: () => Promise.resolve([]),
    };
    const run = { ...RUN, elsewhere };
    expect(foresee([spend(token(1))], run)).toBeNull();
    expect(foresee([entry({ act: 'permit', reliances: [] }, claim('a'))], run)).not.toBeNull();
  });
});
