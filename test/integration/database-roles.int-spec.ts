import {
  asRole,
  LEDGER_SESSION,
  migrate,
  oncekeyDataSource,
  poolOf,
  PostgresLedger,
  withSettings,
} from '#postgres';
import { Client, Pool } from 'pg';
import type { DataSource } from 'typeorm';

const REFUSED = { code: '42501' };

/** What each process must be able to do is shown by its own tests; here is what it must not. */
describe('the database role', () => {
  const url = process.env['DATABASE_URL'] ?? '';
  const owner = new Pool({ connectionString: url });
  const open: DataSource[] = [];
  const problems: unknown[] = [];
  const poolAs = async (role: 'oncekey_broker' | 'oncekey_admin'): Promise<Pool> => {
    const dataSource = oncekeyDataSource({ url, poolSize: 2, applicationName: role, role });
    open.push(await dataSource.initialize());
    return poolOf(dataSource);
  };
  let broker: Pool;
  let admin: Pool;

  beforeAll(async () => {
    broker = await poolAs('oncekey_broker');
    admin = await poolAs('oncekey_admin');
    const ledger = await PostgresLedger.open({
      pool: broker,
      name: 'main',
      onProblem: (error) => problems.push(error),
    });
    expect({ known: ledger.current().ledger, problems }).toEqual({ known: 'main', problems: [] });
    await ledger.close();
    await owner.query(`
      INSERT INTO client (client_id, document) VALUES ('web', '{}');
      INSERT INTO role_binding (id, document) VALUES ('root', '{}');
      INSERT INTO release (number, document, author, message) VALUES (1, '{}', 'ada', 'first')`);
  });
  afterAll(async () => {
    await Promise.all(open.map((one) => one.destroy()));
    await owner.end();
  });

  it('is taken on by every connection, and comes back when it is reset', async () => {
    for (let connection = 0; connection < 5; connection++) {
      await broker.query('RESET ROLE');
      expect((await broker.query('SELECT current_user AS role')).rows).toEqual([{ role: 'oncekey_broker' }]);
    }
    expect((await admin.query('SELECT current_user AS role')).rows).toEqual([{ role: 'oncekey_admin' }]);
  });

  it('is not fallen back from: a connection that cannot have it does not come about', async () => {
    const place = new URL(asRole(url, 'oncekey_broker'));
    place.searchParams.set('options', '-c role=oncekey_nobody');
    await expect(new Client({ connectionString: place.href }).connect()).rejects.toThrow(/oncekey_nobody/);
  });

  it('is added to other options of the URL, and has the last word', () => {
    const before = `${url}?options=${encodeURIComponent('-c work_mem=8MB -c role=postgres')}`;
    expect(new URL(asRole(before, 'oncekey_admin')).searchParams.get('options')).toBe(
      '-c work_mem=8MB -c role=postgres -c role=oncekey_admin',
    );
    expect(asRole(url, null)).toBe(url);
  });

  it('goes with what a ledger sets its connections to', async () => {
    const client = new Client({
      connectionString: withSettings(asRole(url, 'oncekey_broker'), LEDGER_SESSION),
    });
    await client.connect();
    const set = ['role', ...Object.keys(LEDGER_SESSION)].map(
      (name) => `current_setting('${name}') AS ${name}`,
    );
    const { rows } = await client.query(`SELECT ${set.join(', ')}`);
    await client.end();
    expect(rows).toEqual([{ role: 'oncekey_broker', ...LEDGER_SESSION, statement_timeout: '2s' }]);
    expect(withSettings(url, {})).toBe(url);
  });

  it.each([
    "INSERT INTO release (number, document, author, message) VALUES (2, '{}', 'eve', 'mine')",
    'UPDATE live_release SET number = 1',
    'INSERT INTO live_release (number) VALUES (1)',
    "INSERT INTO client (client_id, document) VALUES ('eve', '{}')",
    'UPDATE client SET enabled = true',
    "UPDATE role_binding SET document = '{}'",
    "INSERT INTO role_binding (id, document) VALUES ('eve', '{}')",
    'DELETE FROM identity_provider',
    'UPDATE resource_server SET number = DEFAULT',
    'UPDATE trust_revision SET revision = 1',
    "INSERT INTO caller_id (client_id, kind) VALUES ('eve', 'client')",
    "INSERT INTO draft_policy (id, document) VALUES ('a', '{}')",
    'SELECT FROM draft_policy',
    'SELECT FROM enrolment',
    "INSERT INTO enrolment (code_hash, purpose, expires_at) VALUES ('\\x00', 'first_admin', now())",
    'UPDATE enrolment SET used_at = NULL',
    "INSERT INTO shadow (id, document, started_by) VALUES (gen_random_uuid(), '{}', 'eve')",
    'SELECT FROM admin_key',
    'SELECT FROM idempotent_answer',
    'TRUNCATE cut_off',
    'UPDATE security_event SET received_at = now()',
    'UPDATE audit_event SET outcome = outcome',
    'DELETE FROM audit_event',
    'TRUNCATE audit_event',
    'DELETE FROM audit_event_default',
    'DROP TABLE audit_event_default',
    'INSERT INTO audit_retention (days) VALUES (30)',
    "INSERT INTO audit_day_dropped (day, bytes) VALUES ('2026-01-05', 0)",
    'ALTER TABLE audit_event DISABLE TRIGGER ALL',
    'DROP TABLE ledger_0',
    "SET session_replication_role = 'replica'",
  ])('of a broker cannot: %s', async (statement) => {
    await expect(broker.query(statement)).rejects.toMatchObject(REFUSED);
  });

  it.each([
    'SELECT FROM key_ring',
    "INSERT INTO key_ring VALUES ('k', 'seal', now(), now(), 'x')",
    'DELETE FROM key_ring',
    'SELECT FROM ledger_0',
    'DELETE FROM ledger_0',
    'TRUNCATE ledger_0',
    'DELETE FROM ledger_incarnation',
    'DELETE FROM used_id_0',
    'TRUNCATE used_id_0',
    'UPDATE used_id_floor SET floor = 0',
    'DELETE FROM cut_off',
    'UPDATE cut_off SET dead_until = now()',
    "INSERT INTO cut_off (kind, id, source, dead_until) VALUES ('client', 'web', 'eve', 'infinity')",
    'SELECT FROM security_event',
    'UPDATE audit_event SET outcome = outcome',
    'DELETE FROM audit_event',
    'TRUNCATE audit_event',
    'UPDATE audit_event_default SET outcome = outcome',
    'INSERT INTO audit_retention (days) VALUES (30)',
    'SELECT drop_old_audit_day()',
    "UPDATE release SET document = '{}'",
    'DELETE FROM release',
    'UPDATE trust_revision SET revision = 1',
    'DELETE FROM caller_id',
    'DELETE FROM enrolment',
    'UPDATE shadow_count SET compared = 0',
    'ALTER TABLE release DISABLE TRIGGER ALL',
    "SET session_replication_role = 'replica'",
    'CREATE TEMP TABLE client (client_id text); ' +
      'CREATE TRIGGER t AFTER DELETE ON client FOR EACH ROW EXECUTE FUNCTION claim_caller_id()',
  ])('of the admin process cannot: %s', async (statement) => {
    await expect(admin.query(statement)).rejects.toMatchObject(REFUSED);
  });

  it('of the admin process revokes subjects and workloads in the name of admins, and no client or token', async () => {
    const revoke = (kind: string, change: string) =>
      admin.query('SELECT revoke_as_admin($1, $2, $3)', [[kind], [`https://idp.example ${kind}`], change]);
    await revoke('workload', 'block');
    const { rows } = await owner.query("SELECT source, dead_until FROM cut_off WHERE kind = 'workload'");
    expect(rows).toEqual([{ source: 'administration', dead_until: Infinity }]);
    for (const [kind = '', change = ''] of [
      ['client', 'block'],
      ['token', 'cut'],
      ['device', 'lift'],
      ['workload', 'undo'],
    ]) {
      await expect(revoke(kind, change)).rejects.toMatchObject({ code: 'P0001' });
    }
    const args = "ARRAY['workload'], ARRAY['https://idp.example ada'], 'block'";
    await expect(broker.query(`SELECT revoke_as_admin(${args})`)).rejects.toMatchObject(REFUSED);
  });

  it('of a broker can make the days of the audit log, and no more of them than a month', async () => {
    await broker.query('SELECT make_audit_partitions(10)');
    const { rows } = await owner.query("SELECT FROM pg_class WHERE relname ~ '^audit_event_[0-9]{8}$'");
    expect(rows).toHaveLength(11);
    await expect(broker.query('SELECT make_audit_partitions(32)')).rejects.toMatchObject({ code: '22023' });
  });

  it('of the admin process sets off what it may not do itself: the revision, and the names of callers', async () => {
    const revision = async () => (await owner.query('SELECT revision FROM trust_revision')).rows[0].revision;
    const before = await revision();
    await admin.query("INSERT INTO client (client_id, document) VALUES ('mobile', '{}')");
    expect(Number(await revision())).toBeGreaterThan(Number(before));
    const taken = await owner.query("SELECT FROM caller_id WHERE client_id = 'mobile'");
    expect(taken.rowCount).toBe(1);
    const draft = async () => (await owner.query('SELECT version FROM draft_state')).rows[0].version;
    const old = await draft();
    await admin.query("INSERT INTO draft_policy (id, document) VALUES ('a', '{}')");
    expect(await draft()).not.toBe(old);
  });
});

/** As on a managed server: the user of the database may not make roles. */
describe('a user who may not make roles', () => {
  const server = new Pool({ connectionString: process.env['ONCEKEY_TEST_SERVER_URL'] ?? '', max: 1 });
  const user = `${process.env['ONCEKEY_TEST_DATABASE_PREFIX']}_user_${Date.now().toString(36)}`;
  const place = new URL(process.env['ONCEKEY_TEST_SERVER_URL'] ?? 'postgres://none');
  place.username = user;
  place.password = 'secret';
  place.pathname = `/${user}`;

  beforeAll(async () => {
    await server.query(`CREATE ROLE ${user} LOGIN PASSWORD 'secret'`);
    await server.query(`CREATE DATABASE ${user} OWNER ${user}`);
  });
  afterAll(async () => {
    await server.query(`DROP DATABASE ${user} WITH (FORCE)`);
    await server.query(`DROP ROLE ${user}`);
    await server.end();
  });

  it('is told what to ask for, and migrates once that is granted', async () => {
    await expect(migrate(place.href)).rejects.toThrow(
      new RegExp(
        `^the database role oncekey_broker is missing, .* GRANT oncekey_broker, oncekey_admin TO ${user};$`,
      ),
    );
    await server.query(`GRANT oncekey_broker, oncekey_admin TO ${user}`);
    await migrate(place.href);
    const options = {
      url: place.href,
      poolSize: 1,
      applicationName: 'user',
      role: 'oncekey_broker',
    } as const;
    const broker = await oncekeyDataSource(options).initialize();
    await poolOf(broker).query('SELECT make_audit_partitions(1)');
    await expect(poolOf(broker).query('DELETE FROM client')).rejects.toMatchObject(REFUSED);
    await broker.destroy();
  });
});
