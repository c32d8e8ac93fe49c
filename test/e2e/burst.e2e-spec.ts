import { Caller, type Answer } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const USES = 3;
const TARGET = `${API}/orders/42`;
let deployment: Deployment;
let here: Caller;
let there: Caller;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({
    databaseUrl: url,
    brokers: 2,
    policies: {
      bursts: `@ttl("120") @uses("${USES}")
permit (principal in Group::"support", action == Action::"orders.read", resource == Api::"orders");`,
    },
  });
  [here, there] = [new Caller(deployment, 0), new Caller(deployment, 1)];
  records = await Records.open(url);
}, 60_000);
afterEach(() => expectServed(here));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

const details = (): string =>
  here.details({ actions: ['GET'], target_uri: TARGET, content_digest: undefined });
const proof = (token: string): string => here.apiProof(token, { htm: 'GET', htu: TARGET });
const present = (
  token: string,
  { at = here, by = proof(token), key }: { at?: Caller; by?: string; key?: string } = {},
): Promise<Answer> =>
  at.introspect(
    token,
    { http_method: 'GET', http_target_uri: TARGET, content_digest: undefined, dpop_proof: by },
    key === undefined ? {} : { 'idempotency-key': `"${key}"` },
  );
const activeIn = (answers: readonly Answer[]): readonly Answer[] =>
  answers.filter(({ body }) => body['active'] === true);

it('gives a token of several uses a life of seconds, whatever the policy says', async () => {
  const { body } = await here.exchange({ authorization_details: details() });
  expect(body['expires_in']).toBeLessThanOrEqual(10);
});

it('I-12: honours it as often as the policy says, over two brokers at once, each time on record', async () => {
  const token = await here.token({ authorization_details: details() });
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, turn) => present(token, { at: turn % 2 === 0 ? here : there })),
  );
  const active = activeIn(answers);
  expect(active).toHaveLength(USES);
  const spent = await records.rows(
    `SELECT FROM audit_event WHERE outcome = 'spent' AND event ->> 'tokenId' = $1`,
    [active[0]?.body['jti']],
  );
  expect(spent).toHaveLength(USES);
});

it('DP-14: honours a request that is sent again as it was once, however many uses are left', async () => {
  const token = await here.token({ authorization_details: details() });
  const by = proof(token);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, turn) => present(token, { by, at: turn % 2 === 0 ? here : there })),
  );
  expect(activeIn(answers)).toHaveLength(1);
  expect(activeIn([await present(token), await present(token), await present(token)])).toHaveLength(USES - 1);
});

it('repeats a lost answer under its Idempotency-Key, and takes no other use for it', async () => {
  const token = await here.token({ authorization_details: details() });
  const by = proof(token);
  const answers = [
    await present(token),
    await present(token, { by, key: 'lost' }),
    await present(token, { by, key: 'lost' }),
    await present(token),
  ];
  expect(activeIn(answers)).toHaveLength(4);
  expect(answers[2]?.body).toEqual(answers[1]?.body);
  expect((await present(token)).text).toBe('{"active":false}');
});

it('D4: kills what is left of it at the third mismatch', async () => {
  const token = await here.token({ authorization_details: details() });
  expect((await present(token)).body['active']).toBe(true);
  for (let mismatch = 0; mismatch < 3; mismatch++) await here.introspect(token);
  expect((await present(token)).text).toBe('{"active":false}');
});
