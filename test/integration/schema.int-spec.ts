import { oncekeyDataSource } from '#postgres';
import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/index.ts';

const RING = 'filled and emptied as a whole, by hand-written statements only';
const BY_HAND = 'written and read by hand-written statements only';
const ONE_ROW = 'one row, written by hand-written statements only';

/** Tables that no entity describes, and why. */
const WITHOUT_ENTITY = new Map<string, string>([
  ['migrations', 'the list of applied migrations belongs to TypeORM'],
  ['audit_event', 'partitioned; appended to and read by hand-written statements only'],
  ['ledger_incarnation', ONE_ROW],
  ['used_id_floor', ONE_ROW],
  ['draft_state', ONE_ROW],
  ['shadow', ONE_ROW],
  ['draft_author', BY_HAND],
  ['shadow_count', BY_HAND],
  ['shadow_difference', BY_HAND],
  ['enrolment', BY_HAND],
  ['idempotent_answer', BY_HAND],
  ['admin_key', BY_HAND],
  ['cut_off', BY_HAND],
  ['deferral', BY_HAND],
  ['device_posture', BY_HAND],
  ['security_event', BY_HAND],
  ['event_poll', BY_HAND],
  ['audit_retention', ONE_ROW],
  ['audit_day_dropped', BY_HAND],
  ...[0, 1, 2, 3].flatMap((table): [string, string][] => [
    [`ledger_${table}`, RING],
    [`used_id_${table}`, RING],
  ]),
]);

describe('the schema', () => {
  let dataSource: DataSource;

  beforeAll(async () => {
    const url = process.env['DATABASE_URL'] ?? '';
    dataSource = await oncekeyDataSource({ url, poolSize: 2, applicationName: 'schema' }).initialize();
  });
  afterAll(() => dataSource.destroy());

  it('is the same to migrations and entities', async () => {
    const drift = await dataSource.driver.createSchemaBuilder().log();
    expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('has an entity for every table, but for those that are listed with a reason', async () => {
    const tables = await dataSource.query<{ name: string }[]>(`
      SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`);
    const described = new Set(dataSource.entityMetadatas.map(({ tableName }) => tableName));
    expect(tables.filter(({ name }) => !described.has(name) && !WITHOUT_ENTITY.has(name))).toEqual([]);
  });

  it('goes away without a trace when every migration is undone, and comes back', async () => {
    const undone = MIGRATIONS.toReversed().map((Migration) => new Migration());
    const connection = dataSource.createQueryRunner();
    for (const migration of undone) await migration.down(connection);
    const left = await connection.query(`
      SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i' AND relname NOT LIKE 'migrations%'
      UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT typname FROM pg_type
       WHERE typnamespace = 'public'::regnamespace AND typname NOT LIKE '%migrations'`);
    expect(left).toEqual([]);
    for (const migration of undone.toReversed()) await migration.up(connection);
    await connection.release();
  });
});
