import {
  newTokenId,
  type Approval,
  type DeferralAct,
  type DeferralLedger,
  type DeferralVerdict,
  type DeferVerdict,
  type NewDeferral,
  type Reliance,
  type StoredDeferral,
} from '#core';
import { randomBytes, randomUUID } from 'node:crypto';
import { LedgerBuilder, times, type AnyLedger, type LedgerUnderTest } from './ledger-under-test.ts';

/** A ledger, and the other door to what waits: the one of those who approve. */
export interface DeferralsUnderTest extends LedgerUnderTest {
  readonly ledgers: readonly [AnyLedger & DeferralLedger, ...(AnyLedger & DeferralLedger)[]];
  /** False: it is not open for that. */
  decide(id: string, decision: Omit<Approval, 'at'> | 'deny'): Promise<boolean>;
}

const RACERS = 24;

/** The law of `DeferralLedger`. */
export function describeDeferralLedger(name: string, open: () => Promise<DeferralsUnderTest>): void {
  describe(`DeferralLedger contract: ${name}`, () => {
    let under: DeferralsUnderTest;
    let build: LedgerBuilder;
    beforeAll(async () => {
      under = await open();
      build = new LedgerBuilder(under);
    });
    afterAll(() => under.close());

    const door = (turn = 0): AnyLedger & DeferralLedger =>
      under.ledgers[turn % under.ledgers.length] ?? under.ledgers[0];

    const make = async (
      changes: Partial<NewDeferral> = {},
      subject = randomUUID(),
    ): Promise<NewDeferral> => ({
      id: newTokenId(await under.now()),
      codeHash: randomBytes(32),
      bindingCode: 'BCDF-GHJK',
      approvers: ['leads'],
      request: requestOf(subject),
      reliances: [],
      ttlSeconds: 600,
      ...changes,
    });

    const defer = (deferral: NewDeferral, turn = 0): Promise<DeferVerdict> =>
      door(turn).defer(deferral, build.entry<DeferVerdict>());

    const settle = (
      { id }: Pick<NewDeferral, 'id'>,
      does: DeferralAct['does'],
      { turn = 0, reliances = [] }: { turn?: number; reliances?: readonly Reliance[] } = {},
    ): Promise<DeferralVerdict> => door(turn).settle({ id, does, reliances }, build.entry<DeferralVerdict>());

    const waiting = async (changes: Partial<NewDeferral> = {}): Promise<NewDeferral> => {
      const deferral = await make(changes);
      expect(await defer(deferral)).toEqual({ verdict: 'deferred' });
      return deferral;
    };

    const find = async ({ codeHash }: NewDeferral): Promise<StoredDeferral> => {
      const found = await door().find(codeHash);
      if (found === null) throw new Error('it is not there');
      return found;
    };

    const approve = ({ id }: NewDeferral, ...groups: string[]): Promise<boolean> =>
      under.decide(id, { issuer: 'https://login.example', subject: 'grace', groups });

    const is = (state: string): object => ({ verdict: 'is', state });

    it('keeps what was asked for as it was, under a code that it does not know', async () => {
      const since = await under.now();
      const reliances = [{ kind: 'subject', id: 'https://login.example ada', since }] as const;
      const deferral = await waiting({ approvers: ['finance', 'leads'], reliances });
      const { codeHash: _, ttlSeconds: __, ...kept } = deferral;
      const found = await find(deferral);
      expect(found).toMatchObject({
        ...kept,
        reliances: [{ ...reliances[0], since: expect.closeTo(since, 0) as number }],
        state: 'pending',
        awaited: ['finance', 'leads'],
        approvals: [],
      });
      expect(found.expiresAt - found.requestedAt).toBeCloseTo(600_000, -2);
      expect(await door().find(randomBytes(32))).toBeNull();
    });

    it('keeps every text that a client may send', async () => {
      const claimed = { reason: 'a\u0000b \ud800 \u{1F600} "\\' };
      const deferral = await make();
      const odd = { ...deferral, request: { ...deferral.request, claimed } };
      await defer(odd);
      expect((await find(odd)).request.claimed).toEqual(claimed);
    });

    it('writes the event with what was heard, and nothing where an id was used before', async () => {
      const claim = await build.claim();
      const deferral = await make();
      const entry = build.entry<DeferVerdict>([claim]);
      await door().defer(deferral, entry);
      const again = await make();
      const replay = build.entry<DeferVerdict>([claim]);
      expect(await door().defer(again, replay)).toMatchObject({ verdict: 'claim_reused' });
      expect(await door().find(again.codeHash)).toBeNull();
      const events = await under.events();
      expect(events.filter(({ id }) => id === entry.id || id === replay.id)).toHaveLength(2);
    });

    it('is approved once every group has, and tells who did', async () => {
      const deferral = await waiting({ approvers: ['finance', 'leads'] });
      expect(await approve(deferral, 'others')).toBe(false);
      expect(await approve(deferral, 'leads')).toBe(true);
      expect(await approve(deferral, 'leads')).toBe(false);
      expect(await find(deferral)).toMatchObject({ state: 'pending', awaited: ['finance'] });
      expect(await settle(deferral, 'redeem')).toEqual(is('pending'));
      expect(await approve(deferral, 'finance', 'leads')).toBe(true);
      expect(await find(deferral)).toMatchObject({
        state: 'approved',
        awaited: [],
        approvals: [
          { issuer: 'https://login.example', subject: 'grace', groups: ['leads'] },
          { groups: ['finance', 'leads'] },
        ],
      });
    });

    it.each<[string, DeferralAct['does'], string]>([
      ['redeemed', 'redeem', 'redeemed'],
      ['refused', 'refuse', 'refused'],
      ['cancelled', 'cancel', 'cancelled'],
    ])('what was approved is %s once, and stays so', async (_, does, state) => {
      const deferral = await waiting();
      await approve(deferral, 'leads');
      expect(await settle(deferral, does)).toEqual({ verdict: 'done' });
      for (const next of ['poll', 'redeem', 'refuse', 'cancel'] as const) {
        expect(await settle(deferral, next)).toEqual(is(state));
      }
      expect(await under.decide(deferral.id, 'deny')).toBe(false);
    });

    it.each(['redeem', 'refuse'] as const)('nothing is done by %s to what was not approved', async (does) => {
      const [pending, denied] = [await waiting(), await waiting()];
      await under.decide(denied.id, 'deny');
      expect(await settle(pending, does)).toEqual(is('pending'));
      expect(await settle(denied, does)).toEqual(is('denied'));
    });

    it('is gone when its time is over, approved or not', async () => {
      const [pending, approved] = [await waiting({ ttlSeconds: 1 }), await waiting({ ttlSeconds: 1 })];
      await approve(approved, 'leads');
      await under.passUntil((await under.now()) + 1_100);
      for (const late of [pending, approved]) {
        expect((await find(late)).state).toBe('expired');
        expect(await settle(late, 'redeem')).toEqual(is('expired'));
        expect(await settle(late, 'cancel')).toEqual(is('expired'));
        expect(await settle(late, 'poll')).toEqual(is('expired'));
        expect(await approve(late, 'leads')).toBe(false);
      }
      expect(await settle(await make(), 'poll')).toEqual(is('expired'));
    });

    it('hears a question that comes too early as such, again and again', async () => {
      const deferral = await waiting();
      for (let asked = 0; asked < 3; asked++) {
        expect(await settle(deferral, 'poll')).toEqual({ verdict: 'slow_down' });
      }
    });

    it('is cut off with what it stands on, and nothing is done to it then', async () => {
      const since = await under.now();
      const reliance = { kind: 'subject', id: `https://login.example ${randomUUID()}`, since } as const;
      const deferral = await waiting({ reliances: [reliance] });
      await approve(deferral, 'leads');
      await door().revoke(
        { source: 'test', saidAt: null, event: null, cutOffs: [{ ...reliance, change: { is: 'block' } }] },
        build.entry(),
      );
      const cut = { verdict: 'cut_off', kind: 'subject' };
      expect(await settle(deferral, 'redeem', { reliances: [reliance] })).toEqual(cut);
      expect(await settle(deferral, 'poll', { reliances: [reliance] })).toEqual(cut);
      expect(await defer(await make({ reliances: [reliance] }))).toEqual(cut);
      expect((await find(deferral)).state).toBe('approved');
    });

    it('holds the limit of a subject, however many ask at once', async () => {
      const subject = randomUUID();
      const asked = await Promise.all(times(RACERS, () => make({}, subject)));
      const heard = await Promise.all(asked.map((one, turn) => defer(one, turn)));
      expect(heard.filter(({ verdict }) => verdict === 'deferred')).toHaveLength(8);
      expect(heard.filter(({ verdict }) => verdict === 'too_many')).toHaveLength(RACERS - 8);
      const [first] = asked.filter((_, at) => heard[at]?.verdict === 'deferred');
      await settle(first!, 'cancel');
      expect(await defer(await make({}, subject))).toEqual({ verdict: 'deferred' });
    });

    it('has one winner of many who redeem, refuse and cancel at once', async () => {
      const deferral = await waiting();
      await approve(deferral, 'leads');
      const acts = (['redeem', 'refuse', 'cancel'] as const).flatMap((does) =>
        times(RACERS / 3, (turn) => ({ does, turn })),
      );
      const heard = await Promise.all(acts.map(({ does, turn }) => settle(deferral, does, { turn })));
      const won = acts.filter((_, at) => heard[at]?.verdict === 'done');
      expect(won).toHaveLength(1);
      const state = { redeem: 'redeemed', refuse: 'refused', cancel: 'cancelled' }[won[0]!.does];
      expect(heard.filter(({ verdict }) => verdict !== 'done')).toEqual(
        Array.from({ length: RACERS - 1 }, () => is(state)),
      );
    });

    it('has one winner of those who approve, deny and cancel at once', async () => {
      for (const turn of [0, 1, 2]) {
        const deferral = await waiting();
        const [approved, denied, cancelled] = await Promise.all([
          approve(deferral, 'leads'),
          under.decide(deferral.id, 'deny'),
          settle(deferral, 'cancel', { turn }),
        ]);
        expect(approved && denied).toBe(false);
        const { state } = await find(deferral);
        if (cancelled.verdict === 'done') expect([state, denied]).toEqual(['cancelled', false]);
        else expect(state).toBe('denied');
      }
    });
  });
}

function requestOf(subject: string): NewDeferral['request'] {
  return {
    subject: {
      issuer: 'https://login.example',
      subject,
      as: 'subject',
      groups: ['buyers'],
      email: null,
      acr: null,
      amr: [],
      authTime: null,
      sessionId: null,
      boundKey: null,
      act: null,
      mayAct: null,
      signedInAt: 1_800_000_000,
      limits: null,
      mustProveKey: false,
      transaction: null,
    },
    actor: { act: null, boundKey: null, signedInAt: null, mustProveKey: false },
    clientId: `client-of-${subject}`,
    confirmation: { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' },
    device: null,
    operation: {
      type: 'http_operation',
      locations: ['https://api.example'],
      actions: ['POST'],
      target_uri: 'https://api.example/orders/42/refund',
    },
    operationId: 'orders.refund',
    claimed: { reason: 'broken' },
    ip: '192.0.2.7',
  };
}
