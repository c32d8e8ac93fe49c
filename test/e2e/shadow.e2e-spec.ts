import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { startShadow } from '../support/deployment/publish-now.ts';
import { Records } from '../support/deployment/records.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** Within a second a broker knows of the shadow, and within another it has told what it counted. */
const COUNTED_MS = 5_000;
const ROUNDS = 20;

let deployment: Deployment;
let records: Records;
let callers: readonly Caller[];

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, brokers: 2 });
  records = await Records.open(url);
  callers = [new Caller(deployment, 0), new Caller(deployment, 1)];
  await Promise.all(callers.map((caller) => caller.learnNonce()));
}, 60_000);
afterEach(async () => {
  await records.rows('DELETE FROM shadow');
});
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

type Difference = { kind: string; policy: string; operation: string; count: string; example: string };

const compared = async (shadow: string): Promise<number> => {
  const [counted] = await records.rows<{ compared: string }>(
    'SELECT compared FROM shadow_count WHERE shadow = $1',
    [shadow],
  );
  return Number(counted?.compared ?? 0);
};

const differences = (shadow: string): Promise<readonly Difference[]> =>
  records.rows<Difference>(
    `SELECT kind, policy, operation, count, example_reason_id AS example
       FROM shadow_difference WHERE shadow = $1 ORDER BY kind`,
    [shadow],
  );

const refunds = (caller: Caller, groups: readonly string[]) =>
  caller.exchange({ subject_token: deployment.issuerServer.idToken({ groups }) });

/** Asks until both brokers are known to compare: each has told of something. */
async function untilBothCompare(shadow: string): Promise<number> {
  let asked = 0;
  for (const caller of callers) {
    const before = await compared(shadow);
    await eventually(async () => {
      await refunds(caller, ['support']);
      asked++;
      return (await compared(shadow)) > before;
    }, COUNTED_MS);
  }
  return asked;
}

it('a shadow that decides otherwise changes no answer, and what it would change is counted', async () => {
  const shadow = await startShadow(records, {
    'nobody-refunds': `forbid (principal in Group::"support", action == Action::"orders.refund", resource);`,
    'sales-refunds': `permit (principal in Group::"sales", action == Action::"orders.refund", resource);`,
  });
  await untilBothCompare(shadow);
  const reasonIds = new Set<string>();
  for (const caller of callers) {
    for (let round = 0; round < ROUNDS; round++) {
      expect((await refunds(caller, ['support'])).status).toBe(200);
      const denied = await refunds(caller, ['sales']);
      expect(denied.body['error']).toBe('invalid_authorization_details');
      expect(await records.eventOf(denied)).toMatchObject({ reason: 'policy.denied', release: 1 });
      reasonIds.add(denied.headers.get('oncekey-reason-id') ?? '');
    }
  }
  const isAllCounted = async (): Promise<boolean> =>
    (await differences(shadow)).some(
      ({ kind, count }) => kind === 'newly_allowed' && Number(count) === 2 * ROUNDS,
    );
  await eventually(isAllCounted, COUNTED_MS);

  const [allowed, denied] = await differences(shadow);
  expect(allowed).toMatchObject({ policy: 'sales-refunds', operation: 'orders.refund' });
  expect(reasonIds).toContain(allowed?.example);
  expect(denied).toMatchObject({
    kind: 'newly_denied',
    policy: 'support-writes',
    operation: 'orders.refund',
  });
  const [{ live } = { live: 0 }] = await records.rows<{ live: number }>(
    'SELECT count(*)::int AS live FROM audit_event WHERE reason_id = $1',
    [denied?.example],
  );
  expect(live).toBe(1);
});

it('a shadow that cannot be compiled changes no answer', async () => {
  await startShadow(records, { broken: 'permit (principal, action == Action::"no.such", resource);' });
  const from = performance.now();
  while (performance.now() - from < 1_500) {
    for (const caller of callers) expect((await refunds(caller, ['support'])).status).toBe(200);
  }
  expect(await records.rows('SELECT FROM shadow_count JOIN shadow ON shadow = id')).toEqual([]);
});

it('a shadow that cannot be counted changes no answer', async () => {
  await records.rows('ALTER TABLE shadow_count RENAME TO shadow_count_hidden');
  try {
    await startShadow(records, {});
    const from = performance.now();
    while (performance.now() - from < 2_500) {
      for (const caller of callers) expect((await refunds(caller, ['support'])).status).toBe(200);
    }
  } finally {
    await records.rows('ALTER TABLE shadow_count_hidden RENAME TO shadow_count');
  }
});
