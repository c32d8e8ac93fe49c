import { PostgresShadowJournal } from '#postgres';
import { Unavailable, type ShadowDifference } from '#core';
import { Pool } from 'pg';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';

const A_SHADOW = '00000000-0000-4000-8000-000000000001';
const NO_SHADOW = '00000000-0000-4000-8000-000000000002';

const difference = (policy: string, count: number, exampleReasonId: string): ShadowDifference => ({
  kind: 'newly_denied',
  policy,
  operation: 'orders.refund',
  count,
  exampleReasonId,
});

describe('the counts of a shadow', () => {
  let database: FreshDatabase;
  let pool: Pool;
  let journal: PostgresShadowJournal;

  beforeEach(async () => {
    database = await freshDatabase();
    pool = new Pool({ connectionString: database.url });
    journal = new PostgresShadowJournal(pool);
    await pool.query(`INSERT INTO shadow (id, document, started_by) VALUES ($1, '{}', 'ada')`, [A_SHADOW]);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const counts = async () => (await pool.query('SELECT shadow, compared, skipped FROM shadow_count')).rows;
  const differences = async () =>
    (
      await pool.query(
        'SELECT policy, count, example_reason_id AS example FROM shadow_difference ORDER BY policy',
      )
    ).rows;

  it('add up, and keep the first example', async () => {
    await journal.add(A_SHADOW, { compared: 3, skipped: 1, differences: [difference('a', 2, 'first')] });
    const more = [difference('a', 1, 'second'), difference('b', 1, 'third')];
    await journal.add(A_SHADOW, { compared: 4, skipped: 0, differences: more });
    expect(await counts()).toEqual([{ shadow: A_SHADOW, compared: '7', skipped: '1' }]);
    expect(await differences()).toEqual([
      { policy: 'a', count: '3', example: 'first' },
      { policy: 'b', count: '1', example: 'third' },
    ]);
  });

  it('add up whatever the order in which brokers tell of the same differences', async () => {
    const one = [difference('a', 1, 'x'), difference('b', 1, 'x'), difference('c', 1, 'x')];
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        journal.add(A_SHADOW, {
          compared: 3,
          skipped: 0,
          differences: at % 2 === 0 ? one : one.toReversed(),
        }),
      ),
    );
    expect(await counts()).toMatchObject([{ compared: '120' }]);
    expect((await differences()).map(({ count }: { count: string }) => count)).toEqual(['40', '40', '40']);
  });

  it("of a shadow that no longer runs are nobody's", async () => {
    await journal.add(NO_SHADOW, { compared: 1, skipped: 0, differences: [difference('a', 1, 'x')] });
    expect([await counts(), await differences()]).toEqual([[], []]);
  });

  it('are all of a report or none, and trouble is Unavailable', async () => {
    await pool.query('ALTER TABLE shadow_difference RENAME TO gone');
    const adding = journal.add(A_SHADOW, {
      compared: 1,
      skipped: 0,
      differences: [difference('a', 1, 'x')],
    });
    await expect(adding).rejects.toThrow(Unavailable);
    expect(await counts()).toEqual([]);
  });
});
