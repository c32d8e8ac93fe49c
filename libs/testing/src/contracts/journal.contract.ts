import type { AuditEvent, Claim, ClaimVerdict } from '#core';
import { LedgerBuilder, times, type LedgerUnderTest } from './ledger-under-test.ts';

/** The law of `Journal`, for any implementation, through any number of doors. */
export function describeJournal(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`Journal contract: ${name}`, () => {
    let under: LedgerUnderTest;
    let a: LedgerBuilder;
    beforeAll(async () => {
      under = await open();
      a = new LedgerBuilder(under);
    });
    afterAll(() => under.close());

    let turn = 0;
    const record = (...claims: Claim[]): Promise<ClaimVerdict> => a.door(turn++).record(a.entry(claims));
    const eventOf = async (id: string): Promise<AuditEvent[]> =>
      (await under.events()).filter((event) => event.id === id);

    it('takes a claim once, and tells the second user which one it was', async () => {
      const claim = await a.claim();
      expect(await record(claim)).toEqual({ reused: null });
      expect(await record(claim)).toEqual({ reused: claim });
    });

    it('records without a claim', async () => {
      expect(await record()).toEqual({ reused: null });
    });

    it.each<{ name: string; change: Partial<Claim> }>([
      { name: 'another kind', change: { kind: 'dpop_proof' } },
      { name: 'the kind of identity assertions', change: { kind: 'identity_assertion' } },
      { name: 'another owner', change: { owner: 'shop' } },
      { name: 'an owner that differs in case', change: { owner: 'Desk' } },
      { name: 'an id that differs in case', change: { id: 'ID-1' } },
      { name: 'an id that differs in its Unicode form', change: { id: 'id-1\u0301' } },
      { name: 'an id with a character that texts cannot hold', change: { id: 'id-1\0' } },
      { name: 'owner and id that run together to the same text', change: { owner: 'deski', id: 'd-1' } },
    ])('keeps name spaces apart: $name', async ({ change }) => {
      const owner = `desk-${turn}`;
      const claim = await a.claim({ owner, id: 'id-1' });
      expect(await record(claim)).toEqual({ reused: null });
      expect(await record({ ...claim, ...change })).toEqual({ reused: null });
      expect(await record(claim)).toEqual({ reused: claim });
    });

    it('knows an id again when it comes with another expiry', async () => {
      const claim = await a.claim();
      expect(await record(claim)).toEqual({ reused: null });
      const later = { ...claim, expiresAt: claim.expiresAt + 2_500_000 };
      expect(await record(later)).toEqual({ reused: later });
    });

    it('takes claims that live as long as any assertion may', async () => {
      const claim = await a.claim({ expiresAt: (await under.now()) + 3_650_000 });
      expect(await record(claim)).toEqual({ reused: null });
      expect(await record(claim)).toEqual({ reused: claim });
    });

    it('takes a claim for used that is dead by its own clock', async () => {
      const dead = await a.claim({ expiresAt: (await under.now()) - 1 });
      expect(await record(dead)).toEqual({ reused: dead });
      const longDead = await a.claim({ expiresAt: 1_000 });
      expect(await record(longDead)).toEqual({ reused: longDead });
    });

    it('names the first of several claims that was used, and uses up the others', async () => {
      const [fresh, used, usedToo] = [
        await a.claim(),
        await a.claim(),
        await a.claim({ kind: 'dpop_proof' }),
      ];
      await record(used, usedToo);
      expect(await record(fresh, used, usedToo)).toEqual({ reused: used });
      expect(await record(fresh)).toEqual({ reused: fresh });
    });

    it('lets exactly one of many racers hear a claim fresh', async () => {
      for (let round = 0; round < 10; round++) {
        const claim = await a.claim();
        const verdicts = await Promise.all(times(50, () => record(claim)));
        expect(verdicts.filter(({ reused }) => reused === null)).toHaveLength(1);
      }
    });

    it('settles two claims each of many racers without a deadlock', async () => {
      const claims = await Promise.all(times(20, () => a.claim()));
      const pick = (index: number): Claim => claims[index % claims.length]!;
      const verdicts = await Promise.all(times(200, (racer) => record(pick(racer * 7), pick(racer * 3 + 1))));
      expect(verdicts.filter(({ reused }) => reused === null).length).toBeLessThanOrEqual(claims.length);
    });

    it('has the event written when it answers, made from the verdict, once', async () => {
      const claim = await a.claim();
      const [first, second] = [a.entry<ClaimVerdict>([claim]), a.entry<ClaimVerdict>([claim])];
      await a.door(0).record(first);
      await a.door(1).record(second);
      expect(first.heard.at(-1)).toEqual({ reused: null });
      expect(second.heard.at(-1)).toEqual({ reused: claim });
      expect((await eventOf(first.id)).map(({ detail }) => detail)).toEqual(['{"reused":null}']);
      expect(await eventOf(second.id)).toHaveLength(1);
    });

    it('writes one event for each of many entries', async () => {
      const entries = times(300, () => a.entry<ClaimVerdict>());
      await Promise.all(entries.map((entry, index) => a.door(index).record(entry)));
      const kept = new Set((await under.events()).map(({ id }) => id));
      expect(entries.filter(({ id }) => !kept.has(id))).toEqual([]);
    });

    it('keeps an event as it was described', async () => {
      const described = {
        outcome: 'inactive',
        reason: 'token.wrong_uri',
        txn: 'txn-1',
        callerId: 'orders',
        subject: { issuer: 'https://idp.example', subject: 'ada "the first" \\u0000 ☃' },
        policies: ['support-refunds'],
        release: 7,
      } as const;
      const entry = a.entry<ClaimVerdict>([], described);
      await a.door(0).record(entry);
      expect(await eventOf(entry.id)).toEqual([expect.objectContaining(described)]);
    });

    it('takes what a stranger may have sent, and nobody is harmed by it', async () => {
      const hostile = ['\0', '\ud800', '\\\0', "'; DROP TABLE audit_event; --", '{"a":1}', '\u2028\u007f'];
      const entries = hostile.map((subject) =>
        a.entry<ClaimVerdict>([], { txn: subject, subject: { issuer: subject, subject } }),
      );
      await Promise.all(entries.map((entry) => a.door(0).record(entry)));
      const kept = new Set((await under.events()).map(({ id }) => id));
      expect(entries.every(({ id }) => kept.has(id))).toBe(true);
    });

    it('fails an entry alone that cannot describe its event, and keeps nothing of it', async () => {
      const claims = await Promise.all(times(9, () => a.claim()));
      const entries = claims.map((claim, index) => {
        const entry = a.entry<ClaimVerdict>([claim]);
        if (index !== 4) return entry;
        return {
          ...entry,
          describe: (): AuditEvent => {
            throw new Error('a defect');
          },
        };
      });
      const outcomes = await Promise.allSettled(entries.map((entry) => a.door(0).record(entry)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
      expect(outcomes[4]).toMatchObject({ status: 'rejected', reason: { message: 'a defect' } });
      expect(entries.map(({ heard }) => heard.length > 0)).toEqual(claims.map((_, index) => index !== 4));
      expect(await record(claims[4]!)).toEqual({ reused: null });
      expect(await record(claims[3]!)).toEqual({ reused: claims[3] });
    });
  });
}
