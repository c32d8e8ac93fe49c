import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { bringBack, publishNow } from '../support/deployment/publish-now.ts';
import { Records, type RecordedEvent } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const A_SECOND_MS = 1_000;

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
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

/** Waits until every broker answers as wanted; milliseconds until the last of them did. */
async function untilAll(
  ask: (caller: Caller) => Promise<Answer>,
  wanted: string,
  withinMs = A_SECOND_MS,
): Promise<number> {
  const isSo = async (caller: Caller): Promise<boolean> => {
    const { status, body } = await ask(caller);
    const error = body['error'];
    return (typeof error === 'string' ? `${status} ${error}` : `${status}`) === wanted;
  };
  const took = await Promise.all(callers.map((caller) => eventually(() => isSo(caller), withinMs)));
  return Math.max(...took);
}

const asSales = (caller: Caller): Promise<Answer> =>
  caller.exchange({ subject_token: deployment.issuerServer.idToken({ groups: ['sales'] }) });
const asSupport = (caller: Caller): Promise<Answer> => caller.exchange();

describe('X-32, P-31 a new release', () => {
  /** Publishes, and asks both brokers all the while; milliseconds from the publication on. */
  async function publish(
    policies: Readonly<Record<string, string>>,
    [ask, wanted]: [typeof asSales, string],
  ): Promise<number> {
    const publishing = deployment.seed(policies);
    await untilAll(ask, wanted, 20_000);
    const decidedAt = Date.now();
    await publishing;
    const [row] = await records.rows<{ publishedAt: Date }>(
      'SELECT published_at AS "publishedAt" FROM release ORDER BY number DESC LIMIT 1',
    );
    return decidedAt - (row?.publishedAt.getTime() ?? 0);
  }

  it('permits on both brokers within a second what it permits newly', async () => {
    for (const caller of callers) {
      await expectRefusal(await asSales(caller), records, {
        answer: '400 invalid_authorization_details',
        reason: 'policy.denied',
      });
    }
    const permit = `permit (principal in Group::"sales", action == Action::"orders.refund", resource);`;
    const tookMs = await publish({ 'sales-writes': permit }, [asSales, '200']);
    expect(tookMs).toBeLessThan(A_SECOND_MS);
    for (const caller of callers) {
      expect((await asSales(caller)).body['expires_in']).toBe(15);
      expect((await asSupport(caller)).status).toBe(200);
    }
  });

  it('denies on both brokers within a second what it forbids', async () => {
    const forbid = `forbid (principal, action == Action::"orders.refund", resource);`;
    const tookMs = await publish({ 'nobody-refunds': forbid }, [
      asSupport,
      '400 invalid_authorization_details',
    ]);
    expect(tookMs).toBeLessThan(A_SECOND_MS);
    for (const caller of callers) {
      const answer = await asSupport(caller);
      await expectRefusal(answer, records, {
        answer: '400 invalid_authorization_details',
        reason: 'policy.forbidden',
      });
      expect(await records.eventOf(answer)).toMatchObject({ policies: ['nobody-refunds'], release: 3 });
    }
    expect(await publish({}, [asSupport, '200'])).toBeLessThan(A_SECOND_MS);
  });

  const DENIED = '400 invalid_authorization_details';

  /** Forbids refunds and permits them again, each within a second on both brokers. */
  async function forbidAndPermit(before: () => Promise<unknown>): Promise<void> {
    await before();
    const forbid = `forbid (principal, action == Action::"orders.refund", resource);`;
    const number = await publishNow(records, { 'nobody-refunds': forbid });
    await untilAll(asSupport, DENIED);
    await before();
    await bringBack(records, number - 1);
    await untilAll(asSupport, '200');
  }

  it('reaches both brokers within a second after the connections that listen were cut', async () => {
    for (const _ of [1, 2, 3]) {
      await forbidAndPermit(async () => {
        const cut = await records.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'oncekey-broker-trust' AND datname = current_database()`,
        );
        expect(cut).toHaveLength(callers.length);
      });
    }
  });

  it('reaches both brokers within a second when the notification is lost', async () => {
    const [{ source } = { source: '' }] = await records.rows<{ source: string }>(
      "SELECT pg_get_functiondef('bump_trust_revision'::regproc) AS source",
    );
    await records.rows(source.replace('NOTIFY oncekey_trust;', ''));
    try {
      for (const _ of [1, 2, 3]) await forbidAndPermit(async () => undefined);
    } finally {
      await records.rows(source);
    }
  });

  it('is not waited for longer than five seconds: who cannot confirm what is live answers 503', async () => {
    await records.rows('ALTER TABLE trust_revision RENAME TO trust_revision_hidden');
    const hiddenAt = performance.now();
    try {
      for (const caller of callers) expect((await asSupport(caller)).status).toBe(200);
      await untilAll(asSupport, '503 temporarily_unavailable', 6_500);
      expect(performance.now() - hiddenAt).toBeGreaterThan(3_500);
    } finally {
      await records.rows('ALTER TABLE trust_revision_hidden RENAME TO trust_revision');
    }
    await untilAll(asSupport, '200', 1_500);
  });
});

describe('P-11 a role', () => {
  const DENIED = '400 invalid_authorization_details';
  const PERMIT = `permit (principal in Group::"oncekey:auditor", action == Action::"orders.refund", resource);`;
  const bind = (id: string, holder: object) =>
    records.rows('INSERT INTO role_binding (id, document) VALUES ($1, $2)', [
      id,
      { id, role: 'auditor', ...holder },
    ]);

  beforeAll(async () => {
    await publishNow(records, { 'auditors-refund': PERMIT });
  });

  it.each<[string, () => object]>([
    ['a subject', () => ({ issuer: deployment.issuerServer.url, subject: 'ada' })],
    ['a group', () => ({ group: 'sales' })],
  ])('is bound to %s, and taken away again, within a second on both brokers', async (_, holder) => {
    for (const caller of callers) {
      await expectRefusal(await asSales(caller), records, { answer: DENIED, reason: 'policy.denied' });
    }
    await bind('audits', holder());
    await untilAll(asSales, '200');
    for (const caller of callers) {
      const { body } = await asSales(caller);
      const [permit] = await records.rows<{ event: RecordedEvent }>(
        "SELECT event FROM audit_event WHERE txn = $1 AND type = 'token.exchange'",
        [body['txn']],
      );
      expect(permit?.event).toMatchObject({
        policies: ['auditors-refund'],
        question: { principal: { groups: ['sales', 'oncekey:auditor'] } },
      });
    }
    await records.rows(`DELETE FROM role_binding WHERE id = 'audits'`);
    await untilAll(asSales, DENIED);
  });

  it('is given by no identity provider, whatever it says', async () => {
    for (const caller of callers) {
      const groups = ['sales', 'oncekey:auditor', 'oncekey:security-admin'];
      const answer = await caller.exchange({ subject_token: deployment.issuerServer.idToken({ groups }) });
      await expectRefusal(answer, records, { answer: DENIED, reason: 'policy.denied' });
      expect(await records.eventOf(answer)).toMatchObject({ question: { principal: { groups: ['sales'] } } });
    }
  });

  it("that cannot be read is nobody else's loss", async () => {
    await bind('broken', { role: 'root', group: 'sales' });
    await bind('audits', { group: 'sales' });
    await untilAll(asSales, '200');
    await records.rows('DELETE FROM role_binding');
    await untilAll(asSales, DENIED);
  });
});

describe('C-15, X-17, I-45, K-22 what is disabled', () => {
  const introspect = async (caller: Caller): Promise<Answer> => caller.introspect('once_x');

  it.each([
    {
      name: 'a client',
      where: `client SET enabled = $1 WHERE client_id = 'desk'`,
      ask: asSupport,
      answer: '401 invalid_client',
      reason: 'client.unknown',
    },
    {
      name: 'a resource server',
      where: `resource_server SET enabled = $1 WHERE client_id = 'orders-api'`,
      ask: introspect,
      answer: '401 invalid_client',
      reason: 'client.unknown',
    },
    {
      name: 'an identity provider',
      where: `identity_provider SET enabled = $1 WHERE id = 'corp'`,
      ask: asSupport,
      answer: '400 invalid_request',
      reason: 'subject.unknown_issuer',
    },
  ])('is refused on both brokers within a second, and taken again: $name', async (row) => {
    for (const caller of callers) expect((await row.ask(caller)).status).toBe(200);
    await records.rows(`UPDATE ${row.where}`, [false]);
    await untilAll(row.ask, row.answer);
    for (const caller of callers) await expectRefusal(await row.ask(caller), records, row);
    await records.rows(`UPDATE ${row.where}`, [true]);
    await untilAll(row.ask, '200');
  });
});
