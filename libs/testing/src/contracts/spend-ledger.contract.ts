import type { SpendAttempt, SpendVerdict } from '#core';
import { bytes8, LedgerBuilder, times, type LedgerUnderTest } from './ledger-under-test.ts';

/** The law of `SpendLedger`, for any implementation, through any number of doors. */
export function describeSpendLedger(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`SpendLedger contract: ${name}`, () => {
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
    const key = bytes8('key');

    it('spends a token once', async () => {
      const attempt = await a.attempt();
      expect([await spend(attempt), await spend(attempt)]).toEqual(['spent', 'already_spent']);
    });

    it('knows a token by its id, however that is spelled', async () => {
      const attempt = await a.attempt();
      expect(await spend(attempt)).toBe('spent');
      expect(await spend({ ...attempt, jti: attempt.jti.toUpperCase() })).toBe('already_spent');
    });

    it.each<{ name: string; second: Partial<SpendAttempt>; verdict: SpendVerdict['verdict'] }>([
      { name: 'repeats for the same key and parameters', second: {}, verdict: 'repeated' },
      {
        name: 'tells other parameters apart',
        second: { fingerprint: bytes8('others') },
        verdict: 'key_conflict',
      },
      {
        name: 'repeats nothing under another key',
        second: { repeatKey: bytes8('other') },
        verdict: 'already_spent',
      },
      { name: 'repeats nothing without a key', second: { repeatKey: null }, verdict: 'already_spent' },
      { name: 'repeats nothing for another spender', second: { spender: 8 }, verdict: 'already_spent' },
      { name: 'knows no token of another ledger', second: { ledger: 'elsewhere' }, verdict: 'ledger_gone' },
      {
        name: 'knows no token of another incarnation',
        second: { incarnation: 'older' },
        verdict: 'ledger_gone',
      },
      { name: 'sends no strange incarnation on', second: { incarnation: "'; --\0" }, verdict: 'ledger_gone' },
    ])('$name', async ({ second, verdict }) => {
      const attempt = await a.attempt({ repeatKey: key });
      expect(await spend(attempt)).toBe('spent');
      expect(await spend({ ...attempt, ...second })).toBe(verdict);
      expect(await spend(attempt)).toBe('repeated');
    });

    it('repeats nothing of a token that was spent without a key', async () => {
      const attempt = await a.attempt();
      expect(await spend(attempt)).toBe('spent');
      expect(await spend({ ...attempt, repeatKey: key })).toBe('already_spent');
    });

    it('leaves a token alone that is presented to the wrong ledger', async () => {
      const attempt = await a.attempt();
      expect(await spend({ ...attempt, ledger: 'elsewhere' })).toBe('ledger_gone');
      expect(await spend(attempt)).toBe('spent');
    });

    it('takes a token for dead at the very instant of its expiry', async () => {
      const exp = Math.ceil((await under.now()) / 1000) + 1;
      const [live, spentBefore] = [await a.attempt({ exp }), await a.attempt({ exp, repeatKey: key })];
      expect([await spend(live), await spend(spentBefore)]).toEqual(['spent', 'spent']);
      const late = await a.attempt({ exp });
      await under.passUntil(exp * 1000);
      expect(await spend(late)).toBe('expired');
      expect(await spend(spentBefore)).toBe('expired');
      expect(await a.door(0).noteMismatch(late, a.entry())).toMatchObject({ mismatches: 0, killed: false });
    });

    it('takes a token for expired that lies further back than anything is remembered', async () => {
      expect(await spend(await a.attempt({ exp: 1_000_000_000 }))).toBe('expired');
    });

    it('kills a token at the third mismatch', async () => {
      const attempt = await a.attempt();
      expect(await mismatch(attempt)).toEqual({ verdict: 'noted', mismatches: 1, killed: false });
      expect(await mismatch(attempt)).toEqual({ verdict: 'noted', mismatches: 2, killed: false });
      expect(await mismatch(attempt)).toEqual({ verdict: 'noted', mismatches: 3, killed: true });
      expect(await spend(attempt)).toBe('killed');
      expect(await mismatch(attempt)).toEqual({ verdict: 'noted', mismatches: 4, killed: true });
    });

    it.each([1, 2])('lets the honest holder spend after %i mismatches', async (mismatches) => {
      const attempt = await a.attempt({ repeatKey: key });
      for (let noted = 0; noted < mismatches; noted++) await mismatch(attempt);
      expect(await spend(attempt)).toBe('spent');
      expect(await spend({ ...attempt, spender: 8 })).toBe('already_spent');
      expect(await spend(attempt)).toBe('repeated');
    });

    it('changes no verdict by a mismatch after the spend', async () => {
      const attempt = await a.attempt({ repeatKey: key });
      await mismatch(attempt);
      expect(await spend(attempt)).toBe('spent');
      for (const mismatches of [2, 3, 4]) {
        expect(await mismatch(attempt)).toEqual({ verdict: 'noted', mismatches, killed: false });
      }
      expect(await spend(attempt)).toBe('repeated');
      expect(await spend({ ...attempt, repeatKey: null })).toBe('already_spent');
    });

    describe('a token of three uses', () => {
      const uses = 3;
      const use = (attempt: SpendAttempt, by: string, changes: Partial<SpendAttempt> = {}) =>
        spend({ ...attempt, fingerprint: bytes8(by), ...changes });

      it('is spent three times by different requests, and never again', async () => {
        const attempt = await a.attempt({ uses });
        const verdicts: string[] = [];
        for (const by of ['one', 'two', 'three', 'four', 'five']) verdicts.push(await use(attempt, by));
        expect(verdicts).toEqual(['spent', 'spent', 'spent', 'already_spent', 'already_spent']);
      });

      it.each([12, 60])('lets exactly three of %i racers spend', async (racers) => {
        for (let round = 0; round < 5; round++) {
          const attempt = await a.attempt({ uses });
          const verdicts = await Promise.all(times(racers, (racer) => use(attempt, `racer ${racer}`)));
          expect(verdicts.filter((verdict) => verdict === 'spent')).toHaveLength(uses);
          expect(verdicts.filter((verdict) => verdict === 'already_spent')).toHaveLength(racers - uses);
        }
      });

      it('keeps the uses of many tokens apart, whose requests race', async () => {
        const attempts = await Promise.all(times(12, () => a.attempt({ uses })));
        const acts = times(5, (turnOfAll) => attempts.map((attempt) => use(attempt, `turn ${turnOfAll}`)));
        const verdicts = await Promise.all(acts.flat());
        expect(verdicts.filter((verdict) => verdict === 'spent')).toHaveLength(12 * uses);
      });

      it('has no second use for the same request', async () => {
        const attempt = await a.attempt({ uses });
        const verdicts = await Promise.all(times(6, () => use(attempt, 'same')));
        expect(verdicts.filter((verdict) => verdict === 'spent')).toHaveLength(1);
        expect(await use(attempt, 'other')).toBe('spent');
        expect(await use(attempt, 'same')).toBe('already_spent');
        expect(await use(attempt, 'other')).toBe('already_spent');
        expect(await use(attempt, 'third')).toBe('spent');
      });

      it('repeats each use under its own key, and spends nothing by that', async () => {
        const attempt = await a.attempt({ uses });
        for (const by of ['one', 'two'])
          expect(await use(attempt, by, { repeatKey: bytes8(by) })).toBe('spent');
        for (const by of ['one', 'two'])
          expect(await use(attempt, by, { repeatKey: bytes8(by) })).toBe('repeated');
        expect(await use(attempt, 'else', { repeatKey: bytes8('two') })).toBe('key_conflict');
        expect(await use(attempt, 'three')).toBe('spent');
        expect(await use(attempt, 'four')).toBe('already_spent');
      });

      it('loses what is left of it at the third mismatch', async () => {
        const attempt = await a.attempt({ uses });
        expect(await use(attempt, 'one')).toBe('spent');
        for (let noted = 0; noted < 3; noted++) await mismatch(attempt);
        expect(await use(attempt, 'two')).toBe('killed');
        const untouched = await a.attempt({ uses });
        for (let noted = 0; noted < 3; noted++) await mismatch(untouched);
        expect(await use(untouched, 'one')).toBe('killed');
      });

      it('dies with its last second, whatever is left of it', async () => {
        const exp = Math.ceil((await under.now()) / 1000) + 1;
        const attempt = await a.attempt({ uses, exp });
        expect(await use(attempt, 'one')).toBe('spent');
        await under.passUntil(exp * 1000);
        expect(await use(attempt, 'two')).toBe('expired');
      });

      it('puts each use on record', async () => {
        const attempt = await a.attempt({ uses });
        const entries = times(4, () => a.entry<SpendVerdict>());
        const acts = entries.map((entry, at) =>
          a.door(at).spend({ ...attempt, fingerprint: bytes8(String(at)) }, entry),
        );
        await Promise.all(acts);
        const kept = new Set((await under.events()).map(({ id }) => id));
        expect(entries.every(({ id }) => kept.has(id))).toBe(true);
        expect(
          entries.map(({ heard }) => heard.at(-1)).filter((last) => last?.verdict === 'spent'),
        ).toHaveLength(3);
      });
    });

    it('tells what is known of a token, and leaves it as it is', async () => {
      const attempt = await a.attempt();
      const look = (token = attempt) => a.door(turn++).look(token);
      expect([await look(), await look()]).toEqual(['unspent', 'unspent']);
      await mismatch(attempt);
      expect(await look()).toBe('unspent');
      expect(await spend(attempt)).toBe('spent');
      expect([await look(), await look()]).toEqual(['spent', 'spent']);
      const killed = await a.attempt();
      for (let noted = 0; noted < 3; noted++) await mismatch(killed);
      expect(await look(killed)).toBe('killed');
      expect(await look(await a.attempt({ exp: 1_000_000_000 }))).toBe('expired');
      expect(await look({ ...attempt, incarnation: 'older' })).toBe('ledger_gone');
      expect(await look({ ...attempt, ledger: 'elsewhere' })).toBe('ledger_gone');
    });

    it.each([50, 200])('lets exactly one of %i racers spend', async (racers) => {
      for (let round = 0; round < 5; round++) {
        const attempt = await a.attempt();
        const verdicts = await Promise.all(times(racers, () => spend(attempt)));
        expect(verdicts.filter((verdict) => verdict === 'spent')).toHaveLength(1);
        expect(verdicts.filter((verdict) => verdict === 'already_spent')).toHaveLength(racers - 1);
      }
    });

    it('counts every one of many mismatches at once, each with its own number', async () => {
      const attempt = await a.attempt();
      const verdicts = await Promise.all(times(30, () => mismatch(attempt)));
      const numbers = verdicts.map((verdict) => (verdict.verdict === 'noted' ? verdict.mismatches : 0));
      expect(numbers.toSorted((one, other) => one - other)).toEqual(times(30, (index) => index + 1));
      expect(await spend(attempt)).toBe('killed');
    });

    it('spends or kills, never both, where mismatches race with spends', async () => {
      for (let round = 0; round < 10; round++) {
        const attempt = await a.attempt();
        const acts = times(24, (act) => (act % 4 === 3 ? spend(attempt) : mismatch(attempt)));
        const heard = await Promise.all(acts);
        const spent = heard.filter((verdict) => verdict === 'spent').length;
        const killed = heard.some(
          (verdict) => typeof verdict === 'object' && 'killed' in verdict && verdict.killed,
        );
        expect(spent + (killed ? 1 : 0)).toBe(1);
      }
    });

    it('keeps the tokens of one batch apart', async () => {
      const attempts = await Promise.all(times(40, () => a.attempt()));
      const acts = attempts.flatMap((attempt) => [spend(attempt), spend(attempt)]);
      const verdicts = await Promise.all(acts);
      expect(verdicts.filter((verdict) => verdict === 'spent')).toHaveLength(40);
    });

    it('leaves the token alone when a claim was used before', async () => {
      const attempt = await a.attempt();
      const claim = await a.claim();
      await a.door(0).record(a.entry([claim]));
      const again = await a.door(1).spend(attempt, a.entry([claim]));
      expect(again).toEqual({ verdict: 'claim_reused', reused: claim });
      const noted = await a.door(0).noteMismatch(attempt, a.entry([claim]));
      expect(noted).toEqual({ verdict: 'claim_reused', reused: claim });
      expect(await mismatch(attempt)).toMatchObject({ mismatches: 1 });
      expect(await spend(attempt)).toBe('spent');
    });

    it('claims even where the token cannot be spent', async () => {
      const claim = await a.claim();
      const gone = await a.attempt({ incarnation: 'older' });
      expect(await a.door(0).spend(gone, a.entry([claim]))).toEqual({ verdict: 'ledger_gone' });
      expect(await a.door(1).record(a.entry([claim]))).toEqual({ reused: claim });
    });
  });
}
