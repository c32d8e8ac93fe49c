import { Unavailable } from '#core';
import {
  PostgresRegistrationStore,
  PostgresReleaseStore,
  type PostgresTrustSource,
  type TrustSourceOptions,
} from '#postgres';
import { Pool } from 'pg';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { aClient, AN_EMPTY_RELEASE, compileIds, followTrust, knows } from '../support/trust-fixtures.ts';

const A_SECOND_MS = 1_000;

describe('the trust that follows the database', () => {
  let database: FreshDatabase;
  let pool: Pool;
  let registrations: PostgresRegistrationStore;
  let releases: PostgresReleaseStore;
  let sources: PostgresTrustSource[];

  beforeEach(async () => {
    database = await freshDatabase();
    pool = new Pool({ connectionString: database.url });
    registrations = new PostgresRegistrationStore(pool);
    releases = new PostgresReleaseStore(pool);
    sources = [];
  });
  afterEach(async () => {
    await Promise.all(sources.map((source) => source.stop()));
    await pool.end();
    await database.drop();
  });

  const started = async (options: Partial<TrustSourceOptions> = {}): Promise<PostgresTrustSource> => {
    const source = followTrust(database.url, options);
    sources.push(source);
    await source.start();
    return source;
  };
  const publish = (ifLive: number | null) => releases.publish(AN_EMPTY_RELEASE, { ifLive });

  it('is unavailable before it was started, and while nothing is published', async () => {
    expect(() => followTrust(database.url).current()).toThrow(Unavailable);
    const source = await started();
    expect(() => source.current()).toThrow(Unavailable);
    expect(source.status()).toMatchObject({ connected: true, problem: 'nothing has been published yet' });

    await publish(null);
    await eventually(() => source.status().problem === null, A_SECOND_MS);
    expect(source.current().release.number).toBe(1);
  });

  it('shows a new release, a new and a disabled registration to every process within a second', async () => {
    await publish(null);
    const all = await Promise.all([started(), started(), started()]);

    await registrations.putClient(aClient('web'));
    for (const source of all)
      expect(await eventually(knows(source, 'web'), A_SECOND_MS)).toBeLessThan(A_SECOND_MS);
    await registrations.setEnabled('client', 'web', false);
    for (const source of all) await eventually(() => !knows(source, 'web')(), A_SECOND_MS);
    await publish(1);
    for (const source of all) await eventually(() => source.current().release.number === 2, A_SECOND_MS);
  });

  it('hears of a change by NOTIFY, far sooner than it would ask', async () => {
    await publish(null);
    const source = await started();
    const tookMs: number[] = [];
    for (const id of ['a', 'b', 'c', 'd']) {
      await registrations.putClient(aClient(id));
      tookMs.push(await eventually(knows(source, id), A_SECOND_MS));
    }
    expect(Math.min(...tookMs)).toBeLessThan(100);
    expect(tookMs.toSorted((a, b) => a - b)[2]).toBeLessThan(250);
  });

  it('finds a change by asking, when nobody told', async () => {
    await publish(null);
    const source = await started();
    await pool.query('ALTER TABLE client DISABLE TRIGGER bump_trust_revision');
    await pool.query("INSERT INTO client (client_id, document) VALUES ('web', $1)", [aClient('web')]);
    await pool.query('UPDATE trust_revision SET revision = revision + 1');
    await eventually(knows(source, 'web'), A_SECOND_MS);
  });

  it('hears of a change within a second also when its connection was just cut', async () => {
    await publish(null);
    const source = await started();
    for (const id of ['a', 'b', 'c']) {
      const cut = await pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trust-test'",
      );
      expect(cut.rowCount).toBe(1);
      await registrations.putClient(aClient(id));
      await eventually(knows(source, id), A_SECOND_MS);
    }
    expect(source.status().connected).toBe(true);
  });

  it('reads one snapshot: never half of a change', async () => {
    await publish(null);
    let torn = 0;
    const source = await started({
      compile: async (rows) => {
        const { clients, identityProviders } = rows.registrations;
        if (clients.length !== identityProviders.length) torn++;
        return compileIds(rows);
      },
    });
    for (let round = 0; round < 30; round++) {
      await pool.query(`
        BEGIN;
        INSERT INTO client (client_id, document) VALUES ('c${round}', '{"client_id":"c${round}"}');
        INSERT INTO identity_provider (id, issuer, document) VALUES ('p${round}', 'https://p${round}', '{}');
        COMMIT`);
    }
    await eventually(knows(source, 'c29'), A_SECOND_MS);
    expect(torn).toBe(0);
  });

  it('trusts nothing when the rows cannot be compiled, and recovers with the next change', async () => {
    const problems: string[] = [];
    await publish(null);
    const source = await started({
      onProblem: (what) => problems.push(what),
      compile: async (rows) => {
        if (rows.registrations.clients.length === 1) throw new Error('cannot be read');
        return compileIds(rows);
      },
    });
    expect(source.current().release.number).toBe(1);
    await registrations.putClient(aClient('a'));
    await eventually(() => source.status().problem === 'the live release cannot be used', A_SECOND_MS);
    expect(() => source.current()).toThrow(Unavailable);
    await registrations.putClient(aClient('b'));
    await eventually(() => source.status().problem === null, A_SECOND_MS);
    expect(problems).toEqual(['the live release cannot be used']);
  });

  it('tells of changes of the key ring', async () => {
    let told = 0;
    await started({ onKeysChanged: () => void told++ });
    expect(told).toBe(1);
    await pool.query("INSERT INTO key_ring VALUES ('k', 'seal', now(), now(), 'sealed')");
    await eventually(() => told === 2, A_SECOND_MS);
  });

  it("knows the database's time to a few milliseconds", async () => {
    const source = await started();
    const before = source.databaseNow();
    const { rows } = await pool.query<{ ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
    );
    expect(rows[0]?.ms).toBeGreaterThan(before - 20);
    expect(rows[0]?.ms).toBeLessThan(source.databaseNow() + 20);
    expect(Math.abs(source.clockSkewMs())).toBeLessThan(100);
  });

  it('leaves no connection behind when it stops', async () => {
    const source = await started();
    await source.stop();
    const left = await pool.query("SELECT FROM pg_stat_activity WHERE application_name = 'trust-test'");
    expect(left.rowCount).toBe(0);
  });
});
