import { Unavailable, type SpendVerdict } from '#core';
import { LedgerBuilder, times } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { eventually } from '../support/eventually.ts';
import { isKnown } from '../support/expect-honest.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';

const TABLES = ['ledger_0', 'ledger_1', 'ledger_2', 'ledger_3'];

/** I-14: whatever the database does with the statement that spends, only a row that it returned means `spent`. */
describe('I-14 a spend that the database does not carry out', () => {
  let under: LedgerOnDatabase;
  let a: LedgerBuilder;
  beforeAll(async () => {
    under = await ledgerOnDatabase((await freshDatabase()).url, 2);
    a = new LedgerBuilder(under);
  });
  afterAll(() => under.close());
  afterEach(async () => {
    for (const table of TABLES) await sql(`DROP TRIGGER IF EXISTS conflict ON ${table}`);
    await eventually(() => isKnown(under), 2_000);
    expect(await spend(await a.attempt())).toBe('spent');
  });

  const sql = (statement: string) => under.pools[0].query<{ count: number }>(statement);
  let turn = 0;
  const spend = async (attempt: Awaited<ReturnType<LedgerBuilder['attempt']>>) =>
    (await a.door(turn++).spend(attempt, a.entry<SpendVerdict>())).verdict;

  /** `what` happens at the first `times` writes; a sequence counts, because a rollback does not take it back. */
  async function interfere(what: string, count: number, when = 'BEFORE'): Promise<void> {
    await sql(`CREATE SEQUENCE IF NOT EXISTS conflicts`);
    await sql(`ALTER SEQUENCE conflicts RESTART`);
    await sql(`
      CREATE OR REPLACE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('conflicts') <= ${count} THEN ${what} END IF;
        RETURN NEW;
      END $$`);
    for (const table of TABLES) {
      await sql(`CREATE TRIGGER conflict ${when} INSERT OR UPDATE ON ${table}
                   FOR EACH ROW EXECUTE FUNCTION conflict()`);
    }
  }

  it.each<[string, string]>([
    ['a serialization failure', `RAISE EXCEPTION USING ERRCODE = 'serialization_failure';`],
    ['a deadlock', `RAISE EXCEPTION USING ERRCODE = 'deadlock_detected';`],
    ['a row that cannot be locked', `RAISE EXCEPTION USING ERRCODE = 'lock_not_available';`],
    ['a unique violation', `RAISE EXCEPTION USING ERRCODE = 'unique_violation';`],
  ])('is unknown after %s, never `spent`, and is spent once when it is tried again', async (_, what) => {
    for (const when of ['BEFORE', 'AFTER']) {
      await interfere(what, 1, when);
      const attempt = await a.attempt();
      await expect(spend(attempt)).rejects.toThrow(Unavailable);
      await eventually(() => isKnown(under), 2_000);
      expect(await spend(attempt)).toBe('spent');
      expect(await spend(attempt)).toBe('already_spent');
      for (const table of TABLES) await sql(`DROP TRIGGER conflict ON ${table}`);
    }
  });

  it('is not spent where the statement succeeds and returns no row', async () => {
    await interfere('RETURN NULL;', 1_000_000);
    const attempt = await a.attempt();
    for (const racers of [1, 20]) {
      const outcomes = await Promise.allSettled(times(racers, () => spend(attempt)));
      for (const outcome of outcomes) expect(outcome).not.toMatchObject({ value: 'spent' });
    }
    for (const table of TABLES) await sql(`DROP TRIGGER conflict ON ${table}`);
    expect(await spend(attempt)).toBe('spent');
  });

  it('is spent once by racers of which the database fails every other transaction', async () => {
    await interfere(
      `IF currval('conflicts') % 2 = 1 THEN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END IF;`,
      1_000_000,
    );
    for (let round = 0; round < 5; round++) {
      const attempt = await a.attempt();
      const heard: string[] = [];
      for (let again = 0; again < 6; again++) {
        const outcomes = await Promise.allSettled(times(20, () => spend(attempt)));
        for (const one of outcomes) heard.push(one.status === 'fulfilled' ? one.value : 'unknown');
        await eventually(() => isKnown(under), 2_000);
      }
      // A COMMIT always answers here, so an unknown outcome is one that was rolled back.
      expect(heard.filter((verdict) => verdict === 'spent')).toHaveLength(1);
      expect(new Set(heard)).toEqual(new Set(['spent', 'already_spent', 'unknown']));
    }
  });

  it('is unknown where COMMIT fails, and spent once when it is tried again', async () => {
    await sql(`
      CREATE OR REPLACE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$`);
    for (const table of TABLES) {
      await sql(`CREATE CONSTRAINT TRIGGER conflict AFTER INSERT OR UPDATE ON ${table}
                   DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conflict()`);
    }
    const attempt = await a.attempt();
    const entry = a.entry<SpendVerdict>();
    await expect(a.door(0).spend(attempt, entry)).rejects.toThrow(Unavailable);
    for (const table of TABLES) await sql(`DROP TRIGGER conflict ON ${table}`);
    await eventually(() => isKnown(under), 2_000);
    expect((await under.events()).map(({ id }) => id)).not.toContain(entry.id);
    expect(await spend(attempt)).toBe('spent');
    expect(await spend(attempt)).toBe('already_spent');
  });
});
