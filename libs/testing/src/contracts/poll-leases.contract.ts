import type { PollLeases } from '#core';
import { randomUUID } from 'node:crypto';

export interface LeasesUnderTest {
  /** Another broker. */
  holder(): PollLeases;
  /** Lets so much time go by. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Long enough for whatever a test does meanwhile. */
const LONG_MS = 600_000;

/** The law of `PollLeases`. */
export function describePollLeases(name: string, open: () => Promise<LeasesUnderTest>): void {
  describe(`PollLeases contract: ${name}`, () => {
    let under: LeasesUnderTest;
    let issuer: string;
    beforeAll(async () => {
      under = await open();
    });
    beforeEach(() => {
      issuer = `https://${randomUUID()}.example`;
    });
    afterAll(() => under.close());

    it('gives it to one of many who ask at once', async () => {
      const asked = Array.from({ length: 10 }, () => under.holder().take(issuer, LONG_MS));
      const taken = (await Promise.all(asked)).filter((lease) => lease !== null);
      expect(taken).toEqual([{ failures: 0 }]);
    });

    it('lets its holder renew it, and nobody else have it meanwhile', async () => {
      const [one, other] = [under.holder(), under.holder()];
      expect(await one.take(issuer, LONG_MS)).toEqual({ failures: 0 });
      expect(await other.take(issuer, LONG_MS)).toBeNull();
      expect(await one.take(issuer, LONG_MS)).toEqual({ failures: 0 });
      expect(await other.take(`${issuer}/2`, LONG_MS)).toEqual({ failures: 0 });
    });

    it('ends by itself: whoever died is followed by another', async () => {
      const [dead, next] = [under.holder(), under.holder()];
      await dead.take(issuer, 1);
      await under.pass(5);
      expect(await next.take(issuer, LONG_MS)).toEqual({ failures: 0 });
      expect(await dead.take(issuer, LONG_MS)).toBeNull();
    });

    it('ends when its holder says so, and by no word of another', async () => {
      const [one, other] = [under.holder(), under.holder()];
      await one.take(issuer, LONG_MS);
      await other.release(issuer);
      expect(await other.take(issuer, LONG_MS)).toBeNull();
      await one.release(issuer);
      expect(await other.take(issuer, LONG_MS)).toEqual({ failures: 0 });
    });

    it('lets nobody poll for a while after a failure, and counts failures until a success', async () => {
      const [one, other] = [under.holder(), under.holder()];
      await one.take(issuer, LONG_MS);
      await one.failed(issuer, { what: 'away', waitMs: LONG_MS });
      expect([await one.take(issuer, LONG_MS), await other.take(issuer, LONG_MS)]).toEqual([null, null]);

      const later = `${issuer}/later`;
      await one.take(later, LONG_MS);
      await one.failed(later, { what: 'away', waitMs: 1 });
      await under.pass(5);
      expect(await other.take(later, LONG_MS)).toEqual({ failures: 1 });
      await other.failed(later, { what: 'away', waitMs: 0 });
      expect(await one.take(later, LONG_MS)).toEqual({ failures: 2 });
      await one.succeeded(later, 3);
      expect(await one.take(later, LONG_MS)).toEqual({ failures: 0 });
    });

    it('takes no note of whoever has lost it', async () => {
      const [lost, holder] = [under.holder(), under.holder()];
      await lost.take(issuer, 1);
      await under.pass(5);
      await holder.take(issuer, LONG_MS);
      await lost.failed(issuer, { what: 'away', waitMs: LONG_MS });
      expect(await holder.take(issuer, LONG_MS)).toEqual({ failures: 0 });
    });
  });
}
