import { keepAuditLog } from '#postgres';
import { Client, Pool } from 'pg';
import { LedgerBuilder } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';

/** A day of the log, as many days ago. */
async function makeDay(pool: Pool, daysAgo: number): Promise<string> {
  const { rows } = await pool.query<{ name: string; begin: string; end: string }>(
    `SELECT 'audit_event_' || to_char(day, 'YYYYMMDD') AS name,
            to_char(day, 'YYYY-MM-DD') || ' 00:00+00' AS begin, to_char(day + 1, 'YYYY-MM-DD') || ' 00:00+00' AS end
       FROM (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date - $1::integer AS day) AS d`,
    [daysAgo],
  );
  const { name, begin, end } = rows[0]!;
  await pool.query(
    `CREATE TABLE ${name} PARTITION OF audit_event FOR VALUES FROM ('${begin}') TO ('${end}')`,
  );
  return name;
}

describe('how long the audit log is kept', () => {
  let url: string;
  let owner: Pool;
  const opened: LedgerOnDatabase[] = [];
  /** What a broker does when it opens its ledger, and every ten minutes from then on. */
  const tend = async (): Promise<LedgerOnDatabase> => {
    const under = await ledgerOnDatabase(url, 1);
    opened.push(under);
    return under;
  };
  const isThere = async (name: string): Promise<boolean> =>
    (await owner.query('SELECT to_regclass($1) IS NOT NULL AS there', [name])).rows[0].there;

  beforeEach(async () => {
    url = (await freshDatabase()).url;
    owner = new Pool({ connectionString: url });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((under) => under.close()));
    await owner.end();
  });

  it('is for ever, if nobody says otherwise', async () => {
    const old = await makeDay(owner, 4_000);
    await tend();
    expect(await isThere(old)).toBe(true);
  });

  it('is as many days as the owner of the database says; what is gone stays on record', async () => {
    const [old, kept] = [await makeDay(owner, 41), await makeDay(owner, 40)];
    await keepAuditLog(owner, 40);
    await tend();
    expect([await isThere(old), await isThere(kept)]).toEqual([false, true]);
    const { rows } = await owner.query(
      `SELECT to_char(day, '"audit_event_"YYYYMMDD') AS day FROM audit_day_dropped`,
    );
    expect(rows).toEqual([{ day: old }]);
    await expect(owner.query('DELETE FROM audit_day_dropped')).rejects.toThrow();
  });

  it('is for ever again, when the owner says so', async () => {
    const old = await makeDay(owner, 41);
    await keepAuditLog(owner, 40);
    await keepAuditLog(owner, null);
    await tend();
    expect(await isThere(old)).toBe(true);
  });

  it.each([0, 29, 36_501])('is not %p days', async (days) => {
    await expect(keepAuditLog(owner, days)).rejects.toMatchObject({ code: '23514' });
    await keepAuditLog(owner, 30);
  });

  it('does not stop a broker whose days somebody is reading, and is caught up with afterwards', async () => {
    await tend();
    const old = await makeDay(owner, 41);
    await keepAuditLog(owner, 40);
    const reader = new Client({ connectionString: url });
    await reader.connect();
    await reader.query('BEGIN; SELECT FROM audit_event LIMIT 1');
    const under = await tend();
    const entry = new LedgerBuilder(under).entry([], {});
    await under.ledgers[0].record(entry);
    expect({ problems: under.problems.length, there: await isThere(old) }).toEqual({
      problems: 1,
      there: true,
    });
    await reader.end();
    const { problems } = await tend();
    expect({ problems, there: await isThere(old) }).toEqual({ problems: [], there: false });
  });
});
