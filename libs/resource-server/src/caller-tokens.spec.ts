import type { BrokerAnswer } from './broker-connection.ts';
import { BrokerFailure } from './broker-failure.ts';
import { callerTokens } from './caller-tokens.ts';

const URLS = {
  introspection: new URL('https://b.example/introspect'),
  token: new URL('https://b.example/token'),
};

const answer = (status: number, body: object): BrokerAnswer => ({
  status,
  header: () => null,
  text: JSON.stringify(body),
});
const given = (token: string, changes: object = {}): BrokerAnswer =>
  answer(200, { access_token: token, token_type: 'Bearer', expires_in: 60, scope: 'introspect', ...changes });

/** Tokens of a broker that answers as it is told, by a clock that stands still. */
function tokensOf(
  answers: readonly (BrokerAnswer | Error)[],
  endpoints: typeof URLS | { token: null } = URLS,
) {
  const asked: { url: string; form: URLSearchParams }[] = [];
  let now = 1_000;
  let assertions = 0;
  const tokens = callerTokens({
    connection: {
      ask: async ({ url, body }) => {
        asked.push({ url: url.href, form: new URLSearchParams(body) });
        const next = answers[asked.length - 1] ?? answers.at(-1);
        if (next === undefined || next instanceof Error) throw next ?? new Error('nobody answers');
        return next;
      },
      close: () => undefined,
    },
    endpoints: async () => ({ ...URLS, ...endpoints }),
    assertion: () => `a${++assertions}`,
    timeoutMs: 1_000,
    nowMs: () => now,
  });
  return {
    asked,
    tokens,
    /** Asks, and lets what that has begun come to its end. */
    use: async (afterMs = 1): Promise<string | null> => {
      now += afterMs;
      const token = tokens.current();
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      return token;
    },
  };
}

it('asks beside the second introspection of two, with an assertion, and renews before the end', async () => {
  const { use, asked } = tokensOf([given('one'), given('two')]);
  expect([await use(), asked.length]).toEqual([null, 0]);
  expect([await use(), asked.length]).toEqual([null, 1]);
  expect(asked[0]?.url).toBe('https://b.example/token');
  expect(Object.fromEntries(asked[0]?.form ?? [])).toEqual({
    grant_type: 'client_credentials',
    scope: 'introspect',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: 'a1',
  });
  expect([await use(), asked.length]).toEqual(['one', 1]);
  expect([await use(40_000), asked.length]).toEqual(['one', 2]);
  expect([await use(), asked.length]).toEqual(['two', 2]);
});

it('asks once, however many need one', async () => {
  const { tokens, use, asked } = tokensOf([given('one')]);
  for (let call = 0; call < 10; call++) tokens.current();
  expect([await use(), asked.length]).toEqual([null, 1]);
  expect(await use()).toBe('one');
});

it('asks for none where introspections are few, and forgets one before it ends', async () => {
  const { use, asked } = tokensOf([given('one')]);
  for (let call = 0; call < 3; call++) expect(await use(31_000)).toBeNull();
  expect(asked).toHaveLength(0);
  await use();
  expect(await use()).toBe('one');
  expect([await use(58_000), asked.length]).toEqual([null, 1]);
});

it.each<[string, BrokerAnswer | Error]>([
  ['there is no connection', new BrokerFailure('no', { isPassing: true })],
  ['the broker cannot answer', answer(503, {})],
])('tries again in a few seconds when %s', async (_, failure) => {
  const { use, asked } = tokensOf([failure, given('one')]);
  await use();
  for (let call = 0; call < 5; call++) expect(await use()).toBeNull();
  expect(asked).toHaveLength(1);
  await use(5_000);
  expect([await use(), asked.length]).toEqual(['one', 2]);
});

it.each<[string, BrokerAnswer]>([
  ['a refusal', answer(400, { error: 'unauthorized_client' })],
  ['no client', answer(401, { error: 'invalid_client' })],
  ['a page', answer(200, [])],
  ['a token of another type', given('one', { token_type: 'DPoP' })],
  ['a token with a line break', given('one\r\nx: y')],
  ['a token without end', given('one', { expires_in: undefined })],
  ['a token that is over', given('one', { expires_in: 0 })],
  ['a token that is long', given('x'.repeat(8_193))],
])('takes %s for a no, and asks again after minutes', async (_, refusal) => {
  const { use, asked } = tokensOf([refusal, given('good')]);
  await use();
  for (let call = 0; call < 13; call++) expect(await use(24_000)).toBeNull();
  expect(asked).toHaveLength(1);
  await use(24_000);
  expect([await use(), asked.length]).toEqual(['good', 2]);
});

it('asks nobody where there are none', async () => {
  const { use, asked } = tokensOf([given('one')], { token: null });
  for (let call = 0; call < 3; call++) expect(await use()).toBeNull();
  expect(asked).toHaveLength(0);
});

it('lets go of a token that was refused, and only of that one', async () => {
  const { tokens, use, asked } = tokensOf([given('one'), given('two')]);
  await use();
  await use();
  tokens.refused('another');
  expect(await use()).toBe('one');
  tokens.refused('one');
  expect([await use(), asked.length]).toEqual([null, 1]);
  await use(5_000);
  expect([await use(), asked.length]).toEqual(['two', 2]);
});
