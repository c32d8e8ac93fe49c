import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
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
