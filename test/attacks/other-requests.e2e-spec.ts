import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Caller, type Parameters } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** What tokens are for here; its query tells orders and spellings apart. */
const TARGET = `${API}/orders/42/refund?a=1&b=x%20y`;
const PATH = '/orders/42/refund';
const BODY = '{"amount":5}';

let deployment: Deployment;
let caller: Caller;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
  records = await Records.open(url);
}, 60_000);
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
});

const tokenFor = (): Promise<string> =>
  caller.token({ authorization_details: caller.details({ target_uri: TARGET }) });
/** Presents it for what it is for, but for the changes: `active`, or why not. */
async function present(token: string, changes: Parameters = {}): Promise<string> {
  const dpop_proof = caller.apiProof(token, { htu: API + PATH });
  const answer = await caller.introspect(token, { http_target_uri: TARGET, dpop_proof, ...changes });
  if (answer.body['active'] === true) return 'active';
  expect([answer.status, answer.text]).toEqual([200, '{"active":false}']);
  return String((await records.eventOf(answer)).reason);
}

const withPath = (path: string): Parameters => ({ http_target_uri: TARGET.replace(PATH, path) });
const withQuery = (query: string): Parameters => ({ http_target_uri: `${API}${PATH}${query}` });
const withBody = (body: string | Buffer): Parameters => ({
  content_digest: `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
});

const OTHERS: readonly (readonly [name: string, changes: Parameters, reason: string])[] = [
  ...['get', 'post', 'Post', 'GET', 'PUT', 'HEAD'].map(
    (method) => [`I-20 the method ${method}`, { http_method: method }, 'token.wrong_method'] as const,
  ),
  ['I-22 plain http', { http_target_uri: TARGET.replace('https', 'http') }, 'token.wrong_uri'],
  ['I-26 the path in another case', withPath('/Orders/42/refund'), 'token.wrong_uri'],
  ...[
    ['I-28', '/orders//42/refund'],
    ['I-28', '/orders/./42/refund'],
    ['I-28', '/orders/7/../42/refund'],
    ['I-28', '/orders/7/%2e%2e/42/refund'],
    ['I-28', '/orders/7/..%2f42/refund'],
    ['I-30', '/orders/42/refund;jsessionid=1'],
    ['I-30', '/orders/42;/refund'],
    ['I-30', '/orders/7/..;/42/refund'],
    ['I-30', '/orders\\42/refund'],
    ['I-30', '/orders/42%23/refund'],
    ['I-30', '/orders/42\t/refund'],
    ['I-30', '/orders/42/refund/'],
  ].map(([row = '', path = '']) => [`${row} the path ${path}`, withPath(path), 'token.wrong_uri'] as const),
  ...[
    '',
    '?',
    '?b=x%20y&a=1',
    '?a=1&b=x+y',
    '?a=1&a=1&b=x%20y',
    '?a=1&b=x%20y&',
    '?a=1&b=x%20y&c',
    '?a=1%26b=x%20y',
  ].map((query) => [`I-32 the query ${query || 'left out'}`, withQuery(query), 'token.wrong_uri'] as const),
  ['I-38 another body', withBody('{"amount":6}'), 'token.wrong_digest'],
  ['I-38 the body with a line end', withBody(`${BODY}\n`), 'token.wrong_digest'],
  ['I-38 the body written anew', withBody('{ "amount": 5 }'), 'token.wrong_digest'],
  ['I-38 the body compressed', withBody(gzipSync(BODY)), 'token.wrong_digest'],
];

it.each(OTHERS)(
  '%s is another request: it is refused for that, and spends nothing',
  async (_, changes, reason) => {
    const token = await tokenFor();
    expect(await present(token, changes)).toBe(reason);
    expect(await present(token)).toBe('active');
  },
);

it.each<[string, (token: string) => Parameters]>([
  ['of another token', (token) => ({ ath: createHash('sha256').update(`${token}x`).digest('base64url') })],
  ['without ath', () => ({ ath: undefined })],
])('DP-19 a proof %s is none, and spends nothing', async (_, claims) => {
  const token = await tokenFor();
  const dpop_proof = caller.apiProof(token, { htu: API + PATH, ...claims(token) });
  expect(await present(token, { dpop_proof })).toBe('token.proof_refused');
  expect(await present(token)).toBe('active');
});

it('I-04, I-50 another API hears nothing of a token, and by asking three times nothing but its death', async () => {
  const other = (): Parameters => ({
    client_assertion: caller.serverAssertion('other-api', deployment.keys.otherServer),
  });
  const token = await tokenFor();
  for (let asked = 1; asked <= 2; asked++) expect(await present(token, other())).toBe('token.wrong_audience');
  expect(await present(token)).toBe('active');
  const probed = await tokenFor();
  for (let asked = 1; asked <= 3; asked++)
    expect(await present(probed, other())).toBe('token.wrong_audience');
  expect(await present(probed)).toBe('token.killed');
});
