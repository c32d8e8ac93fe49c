import type { SpendAttempt, SpendVerdict } from '#core';
import { bytes8, LedgerBuilder, type LedgerUnderTest } from './ledger-under-test.ts';

/** The law of `SpendLookup`, for any implementation, through any number of doors. */
export function describeSpendLookup(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`SpendLookup contract: ${name}`, () => {
    let under: LedgerUnderTest;
    let a: LedgerBuilder;
    beforeAll(async () => {
      under = await open();
      a = new LedgerBuilder(under);
    });
    afterAll(() => under.close());

    let turn = 0;
    const spend = async (attempt: SpendAttempt): Promise<SpendVerdict['verdict']> =>
      (await a.door(turn++).spend(attempt, a.entry())).verdict;
    const mismatch = (attempt: SpendAttempt) => a.door(turn++).noteMismatch(attempt, a.entry());

    it('tells who spent a token, and of no other token', async () => {
      const exp = Math.ceil((await under.now()) / 1000) + 1;
      const attempt = await a.attempt({ exp, spender: 9 });
      const spendOf = (changes: Partial<SpendAttempt> = {}) =>
        a.door(turn++).spendOf({ ...attempt, ...changes });
      expect(await spendOf()).toBeNull();
      await mismatch(attempt);
      expect(await spendOf()).toBeNull();
      expect(await spend(attempt)).toBe('spent');
      const known = { spender: 9, targetUri: null };
      expect([await spendOf(), await spendOf()]).toEqual([known, known]);
      for (const other of [{ ledger: 'elsewhere' }, { incarnation: 'older' }, { incarnation: "'; --" }]) {
        expect(await spendOf(other)).toBeNull();
      }
      expect(await spendOf({ jti: (await a.attempt()).jti })).toBeNull();
      expect(await spendOf({ jti: 'no id' })).toBeNull();
      await under.passUntil(exp * 1000);
      expect(await spendOf()).toBeNull();
      expect(await spendOf({ exp: 1_000_000_000 })).toBeNull();
    });

    it.each<[string, number]>([
      ['at the first attempt', 0],
      ['after a mismatch', 1],
    ])('tells on what a token was spent %s, where it does not say so itself', async (_, mismatches) => {
      const targetUri = "https://api.example/v1/orders/42?as=it%20was,(b)*!'";
      const attempt = await a.attempt({ targetUri, repeatKey: bytes8('key') });
      for (let noted = 0; noted < mismatches; noted++) await mismatch(attempt);
      expect(await spend(attempt)).toBe('spent');
      expect(await spend({ ...attempt, targetUri: 'https://api.example/v1/orders/43' })).toBe('repeated');
      expect(await spend({ ...attempt, targetUri: null, repeatKey: null })).toBe('already_spent');
      const known = { spender: 7, targetUri };
      expect([await a.door(0).spendOf(attempt), await a.door(1).spendOf(attempt)]).toEqual([known, known]);
    });
  });
}
