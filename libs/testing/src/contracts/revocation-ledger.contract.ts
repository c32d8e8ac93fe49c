import type { CutOff, CutOffChange, CutOffKind, Reliance, Revocation, SpendAttempt } from '#core';
import { randomUUID } from 'node:crypto';
import { bytes8, LedgerBuilder, times, type LedgerUnderTest } from './ledger-under-test.ts';

const NOW: CutOffChange = { is: 'cut', upTo: null };
const BLOCK: CutOffChange = { is: 'block' };
const LIFT: CutOffChange = { is: 'lift' };

const KINDS: readonly CutOffKind[] = [
  'identity_provider',
  'subject',
  'email',
  'session',
  'device',
  'client',
  'workload',
  'workload_issuer',
  'token',
];

/** The law of `RevocationLedger`, beside the spends that it is about. */
export function describeRevocationLedger(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`RevocationLedger contract: ${name}`, () => {
    let under: LedgerUnderTest;
    let a: LedgerBuilder;
    beforeAll(async () => {
      under = await open();
      a = new LedgerBuilder(under);
    });
    afterAll(() => under.close());

    let turn = 0;
    const spend = async (attempt: SpendAttempt): Promise<string> =>
      (await a.door(turn++).spend(attempt, a.entry())).verdict;
    const permit = async (...reliances: Reliance[]): Promise<string> => {
      const heard = await a.door(turn++).permit(reliances, a.entry());
      return heard.verdict === 'cut_off' ? heard.kind : heard.verdict;
    };
    const revoke = async (cutOffs: CutOff[], change: Partial<Revocation> = {}): Promise<string> => {
      const revocation = { source: 'https://idp.example', saidAt: null, event: null, cutOffs, ...change };
      return (await a.door(turn++).revoke(revocation, a.entry())).verdict;
    };
    /** Somebody whom nobody else is. */
    const someone = async (kind: CutOffKind = 'subject', since = 0): Promise<Reliance> => ({
      kind,
      id: `https://idp.example ${randomUUID()}`,
      since: (await under.now()) + since,
    });
    const cut = ({ kind, id }: Reliance, change: CutOffChange = NOW): CutOff => ({ kind, id, change });
    const passMs = async (ms: number): Promise<void> => under.passUntil((await under.now()) + ms);

    it.each(KINDS)('I-49 kills every token that stands on it, and permits no other: %s', async (kind) => {
      const [one, other] = [await someone(kind), await someone(kind)];
      const [token, spared] = [
        await a.attempt({ reliances: [await someone('client'), one] }),
        await a.attempt({ reliances: [other] }),
      ];
      await passMs(2);
      expect([await permit(one), await permit(other)]).toEqual(['recorded', 'recorded']);
      expect(await revoke([cut(one)])).toBe('revoked');
      expect([await permit(one), await permit(other)]).toEqual([kind, 'recorded']);
      expect([await spend(token), await spend(spared)]).toEqual(['revoked', 'spent']);
    });

    it('tells things of another kind apart that have the same name', async () => {
      const one = await someone('client');
      await passMs(2);
      await revoke([cut(one)]);
      const other = { ...one, kind: 'device' } as const;
      expect([await permit(other), await permit(other, one)]).toEqual(['recorded', 'client']);
    });

    it('spares what begins after the cut-off', async () => {
      const one = await someone();
      await passMs(2);
      await revoke([cut(one)]);
      await passMs(5);
      const again = { ...one, since: await under.now() };
      expect([await permit(one), await permit(again)]).toEqual(['subject', 'recorded']);
      expect(await spend(await a.attempt({ reliances: [again] }))).toBe('spent');
    });

    it('kills a token of an old sign-in that is issued after the cut-off', async () => {
      const one = await someone();
      await passMs(2);
      await revoke([cut(one)]);
      await passMs(5);
      expect(await spend(await a.attempt({ reliances: [one] }))).toBe('revoked');
    });

    it('cuts sign-ins off up to a time in the past, and every token that there is', async () => {
      const one = await someone();
      await passMs(10);
      const upTo = (await under.now()) - 5;
      const token = await a.attempt({ reliances: [{ ...one, since: upTo + 2 }] });
      await passMs(2);
      await revoke([cut(one, { is: 'cut', upTo })]);
      expect([await permit(one), await permit({ ...one, since: upTo + 2 })]).toEqual(['subject', 'recorded']);
      expect(await spend(token)).toBe('revoked');
    });

    it('cuts nothing off that is yet to come, whatever time the event names', async () => {
      const one = await someone();
      await revoke([cut(one, { is: 'cut', upTo: (await under.now()) + 3_600_000 })]);
      await passMs(5);
      expect(await permit({ ...one, since: await under.now() })).toBe('recorded');
    });

    it('never takes a cut-off back for one that lies further in the past', async () => {
      const one = await someone();
      await passMs(2);
      await revoke([cut(one)]);
      await revoke([cut(one, { is: 'cut', upTo: 1_000 })]);
      expect(await permit(one)).toBe('subject');
    });

    it('check 97: blocks until it is lifted, and what was dead stays so', async () => {
      const one = await someone('device');
      const token = await a.attempt({ reliances: [one] });
      await revoke([cut(one, BLOCK)]);
      const later = await someone('device', 60_000);
      expect(await permit({ ...one, since: later.since })).toBe('device');
      expect(await spend(token)).toBe('revoked');
      const issuedMeanwhile = await a.attempt({ reliances: [one] });
      await passMs(2);
      await revoke([cut(one, LIFT)]);
      await passMs(5);
      const fresh = { ...one, since: await under.now() };
      expect([await permit(one), await permit(fresh)]).toEqual(['device', 'recorded']);
      expect([await spend(token), await spend(issuedMeanwhile)]).toEqual(['revoked', 'revoked']);
      expect(await spend(await a.attempt({ reliances: [fresh] }))).toBe('spent');
    });

    it('X-18 lifts nobody else’s block: the strictest holds', async () => {
      const one = await someone('device', 60_000);
      await revoke([cut(one, BLOCK)], { source: 'https://mdm.example' });
      await revoke([cut(one, BLOCK)]);
      await revoke([cut(one, LIFT)]);
      expect(await permit(one)).toBe('device');
      await revoke([cut(one, LIFT)], { source: 'https://mdm.example' });
      expect(await permit(one)).toBe('recorded');
    });

    it('does not lift by a word that is older than the block, in whatever order they come', async () => {
      const one = await someone('device', 60_000);
      const now = await under.now();
      await revoke([cut(one, BLOCK)], { saidAt: now - 1_000 });
      await revoke([cut(one, LIFT)], { saidAt: now - 2_000 });
      expect(await permit(one)).toBe('device');
      await revoke([cut(one, LIFT)], { saidAt: now - 500 });
      expect(await permit(one)).toBe('recorded');
    });

    it('lifts what was never blocked without a trace', async () => {
      const one = await someone('device');
      const token = await a.attempt({ reliances: [one] });
      await revoke([cut(one, LIFT)]);
      expect([await permit(one), await spend(token)]).toEqual(['recorded', 'spent']);
    });

    it('I-49 takes a repeat back that it would have granted', async () => {
      const one = await someone('token');
      const token = await a.attempt({ reliances: [one], repeatKey: bytes8('key') });
      expect([await spend(token), await spend(token)]).toEqual(['spent', 'repeated']);
      await passMs(2);
      await revoke([cut(one, BLOCK)]);
      expect(await spend(token)).toBe('revoked');
    });

    it('counts the uses of a token as ever while something else is cut off, and gives none once it is', async () => {
      const one = await someone();
      await revoke([cut(await someone())]);
      await passMs(2);
      const token = await a.attempt({ reliances: [one], uses: 3 });
      const use = (fingerprint: string): Promise<string> =>
        spend({ ...token, fingerprint: bytes8(fingerprint) });
      expect([await use('first'), await use('second')]).toEqual(['spent', 'spent']);
      await passMs(2);
      await revoke([cut(one)]);
      expect(await use('third')).toBe('revoked');
    });

    it('says already spent of a spent token only while nothing is cut off', async () => {
      const token = await a.attempt({ reliances: [await someone()] });
      expect([await spend(token), await spend(token)]).toEqual(['spent', 'already_spent']);
    });

    it('check 95: gives an event one effect, however often it comes', async () => {
      const [one, other] = [await someone(), await someone()];
      await passMs(2);
      const event = { issuer: 'https://idp.example', jti: randomUUID() };
      expect(await revoke([cut(one)], { event })).toBe('revoked');
      expect(await revoke([cut(other)], { event })).toBe('repeated');
      expect([await permit(one), await permit(other)]).toEqual(['subject', 'recorded']);
      expect(await revoke([cut(other)], { event: { ...event, issuer: 'https://mdm.example' } })).toBe(
        'revoked',
      );
      expect(await permit(other)).toBe('subject');
    });

    it('lets exactly one of many deliveries of an event have the effect', async () => {
      const event = { issuer: 'https://idp.example', jti: randomUUID() };
      const one = await someone();
      const verdicts = await Promise.all(times(40, () => revoke([cut(one)], { event })));
      expect(verdicts.filter((verdict) => verdict === 'revoked')).toHaveLength(1);
    });

    it('has no effect when a claim was used before', async () => {
      const one = await someone();
      await passMs(2);
      const claim = await a.claim();
      await a.door(0).record(a.entry([claim]));
      const revocation = { source: 'desk', saidAt: null, event: null, cutOffs: [cut(one)] };
      expect(await a.door(1).revoke(revocation, a.entry([claim]))).toEqual({
        verdict: 'claim_reused',
        reused: claim,
      });
      expect(await permit(one)).toBe('recorded');
      expect(await a.door(0).permit([one], a.entry([claim]))).toEqual({
        verdict: 'claim_reused',
        reused: claim,
      });
    });

    it('I-49 honours nothing that is presented after the revocation was answered, in a race of both', async () => {
      for (let round = 0; round < 2 * KINDS.length; round++) {
        const one = await someone(KINDS[round % KINDS.length]);
        const tokens = await Promise.all(times(40, () => a.attempt({ reliances: [one] })));
        await passMs(1);
        let isAnswered = false;
        const late: string[] = [];
        const race = tokens.map(async (token, index) => {
          await new Promise((resolve) => setTimeout(resolve, index % 8));
          const begins = isAnswered;
          const verdict = await spend(token);
          if (begins) late.push(verdict);
        });
        await new Promise((resolve) => setTimeout(resolve, round % 6));
        await revoke([cut(one)]);
        isAnswered = true;
        const after = await Promise.all(times(5, async () => spend(await a.attempt({ reliances: [one] }))));
        await Promise.all(race);
        expect([...late, ...after].filter((verdict) => verdict !== 'revoked')).toEqual([]);
      }
    });

    it('settles many revocations of the same things at once without a deadlock', async () => {
      const things = await Promise.all(times(6, () => someone()));
      const pick = (index: number): CutOff => cut(things[index % things.length]!);
      const verdicts = await Promise.all(
        times(60, (index) => revoke([pick(index * 5), pick(index * 5 + 1 + (index % 4))])),
      );
      expect(verdicts.every((verdict) => verdict === 'revoked')).toBe(true);
    });
  });
}
