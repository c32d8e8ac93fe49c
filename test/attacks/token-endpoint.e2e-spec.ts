import { Caller, ID_TOKEN, JWT_BEARER, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** D2: what does not have the form of a request is refused before anything of it is used up. */

let deployment: Deployment;
let records: Records;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  records = await Records.open(url);
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

const FORM = 'application/x-www-form-urlencoded';
const SAML2 = 'urn:ietf:params:oauth:token-type:saml2';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const REFRESH_TOKEN = 'urn:ietf:params:oauth:token-type:refresh_token';

interface BadInput {
  readonly name: string;
  readonly changes?: Parameters;
  /** Put behind the good form. */
  readonly more?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  /** Default: `400 invalid_request`. */
  readonly answer?: string;
  readonly reason: string;
}

const MALFORMED: BadInput[] = [
  { name: 'check 12: subject_token twice', more: '&subject_token=x', reason: 'request.malformed' },
  { name: 'C-07: client_assertion twice', more: '&client_assertion=x.y.z', reason: 'request.malformed' },
  { name: 'X-04: grant_type twice', more: '&grant_type=x', reason: 'request.malformed' },
  { name: 'H-01: grant_type once more by an escape', more: '&gr%61nt_type=x', reason: 'request.malformed' },
  { name: 'H-01: a name in brackets', more: '&resource[]=x', reason: 'request.malformed' },
  { name: 'a broken escape', more: '&x=%zz', reason: 'request.malformed' },
  { name: 'an overlong encoding', more: '&x=%C0%AF', reason: 'request.malformed' },
  { name: 'two separators in a row', more: '&&x=y', reason: 'request.malformed' },
  {
    name: 'H-04: 65 parameters more',
    more: Array.from({ length: 65 }, (_, at) => `&p${at}=x`).join(''),
    reason: 'request.malformed',
  },
  {
    name: 'H-04: 70 kB',
    more: `&x=${'y'.repeat(70_000)}`,
    answer: '413 invalid_request',
    reason: 'request.too_large',
  },
  { name: 'a parameter in the query', path: '/token?x=y', reason: 'request.malformed' },
  {
    name: 'check 11: a body that says it is JSON',
    headers: { 'content-type': 'application/json' },
    answer: '415 invalid_request',
    reason: 'request.wrong_media_type',
  },
];

const AMBIGUOUS: BadInput[] = [
  {
    name: 'check 26: an assertion and a secret in the body',
    changes: { client_secret: 's' },
    reason: 'client.several_methods',
  },
  {
    name: 'check 26: an assertion and Basic',
    headers: { authorization: 'Basic ZGVzazpz' },
    reason: 'client.several_methods',
  },
  {
    name: 'check 26: an assertion and Bearer',
    headers: { authorization: 'Bearer x' },
    reason: 'client.several_methods',
  },
  {
    name: 'C-07: no client_assertion_type',
    changes: { client_assertion_type: undefined },
    reason: 'request.malformed',
  },
  {
    name: 'C-07: another client_assertion_type',
    changes: { client_assertion_type: `${JWT_BEARER}x` },
    reason: 'request.malformed',
  },
  {
    name: 'C-07: a client_assertion_type without assertion',
    changes: { client_assertion: undefined },
    reason: 'request.malformed',
  },
];

const SHAPELESS: BadInput[] = [
  { name: 'X-04: no grant_type', changes: { grant_type: undefined }, reason: 'request.malformed' },
  ...['authorization_code', 'implicit', 'password', 'refresh_token', 'token-exchange'].map(
    (grant_type): BadInput => ({
      name: `X-04, check 31: the grant type ${grant_type}`,
      changes: { grant_type },
      answer: '400 unsupported_grant_type',
      reason: 'grant.unsupported',
    }),
  ),
  { name: 'no subject_token', changes: { subject_token: undefined }, reason: 'request.malformed' },
  { name: 'an empty subject_token', changes: { subject_token: '' }, reason: 'request.malformed' },
  {
    name: 'X-02, check 32: no subject_token_type',
    changes: { subject_token_type: undefined },
    reason: 'request.malformed',
  },
  ...[SAML2, ACCESS_TOKEN, REFRESH_TOKEN, 'id_token', `${ID_TOKEN} `].map((subject_token_type): BadInput => ({
    name: `X-02, check 39: the subject token type ${subject_token_type}`,
    changes: { subject_token_type },
    reason: 'grant.unsupported_token_type',
  })),
  ...[SAML2, ID_TOKEN, REFRESH_TOKEN, 'urn:ietf:params:oauth:token-type:jwt', 'x'].map(
    (requested_token_type): BadInput => ({
      name: `X-03: the requested token type ${requested_token_type}`,
      changes: { requested_token_type },
      reason: 'grant.unsupported_token_type',
    }),
  ),
  {
    name: 'check 33: an actor_token_type without actor_token',
    changes: { actor_token_type: ID_TOKEN },
    reason: 'request.malformed',
  },
  { name: 'an actor_token without its type', changes: { actor_token: 'x' }, reason: 'request.malformed' },
  {
    name: 'X-08: a scope',
    changes: { scope: 'https://www.googleapis.com/auth/cloud-platform' },
    answer: '400 invalid_scope',
    reason: 'grant.scope_not_accepted',
  },
  {
    name: 'X-06: an audience',
    changes: { audience: 'orders' },
    answer: '400 invalid_target',
    reason: 'resource.several',
  },
  ...['[]', '"x"', '{', 'null', '{"a":1,"a":2}', '{"a":{"b":{"c":{"d":{}}}}}'].map(
    (request_context): BadInput => ({
      name: `the request context ${request_context}`,
      changes: { request_context },
      reason: 'context.malformed',
    }),
  ),
];

describe('X-30, bad input changes nothing', () => {
  it.each([...MALFORMED, ...AMBIGUOUS, ...SHAPELESS])(
    'refuses $name, and the same assertion and proof are good afterwards',
    async ({ changes = {}, more = '', headers = {}, path = '/token', answer, reason }) => {
      const good = caller.parameters();
      const proof = caller.proof();
      const before = await records.counts();
      const form = new URLSearchParams();
      for (const [name, value] of Object.entries({ ...good, ...changes })) {
        if (value !== undefined) form.set(name, value);
      }
      const response = await fetch(`${caller.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': FORM, DPoP: proof, ...headers },
        body: `${form.toString()}${more}`,
      });
      const text = await response.text();
      const body = JSON.parse(text) as Record<string, unknown>;

      expect(`${response.status} ${String(body['error'])}`).toBe(answer ?? '400 invalid_request');
      expect(Object.keys(body)).toEqual(['error', 'error_description']);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('www-authenticate')).toBeNull();
      const event = await records.eventOf({ headers: response.headers, text });
      expect(event).toMatchObject({ type: 'token.exchange', outcome: 'refused', reason });
      expect(await records.counts()).toEqual(before);

      expect((await caller.post('/token', good, { DPoP: proof })).status).toBe(200);
      expect(await records.counts()).toEqual({
        usedIds: before.usedIds + 2,
        tokens: before.tokens,
        permitted: before.permitted + 1,
      });
    },
  );

  it.each<{ name: string; changes: Parameters }>([
    { name: 'check 13: an empty actor_token', changes: { actor_token: '' } },
    { name: 'check 14: an unknown parameter', changes: { prompt: 'none' } },
    { name: 'J-34: a parameter named __proto__', changes: { ['__proto__']: 'x', constructor: 'x' } },
    { name: 'an empty scope', changes: { scope: '' } },
    { name: 'the one requested token type', changes: { requested_token_type: ACCESS_TOKEN } },
    { name: 'C-06: the client_id besides the assertion', changes: { client_id: 'desk' } },
    { name: 'a claimed attribute', changes: { request_context: '{"reason":"a damaged parcel"}' } },
  ])('takes $name', async ({ changes }) => {
    expect((await caller.exchange(changes)).status).toBe(200);
  });
});
