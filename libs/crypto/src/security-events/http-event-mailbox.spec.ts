import { generateKeyPairSync, verify } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { readCompactJws, type EventPoll, type PollQuestion } from '#core';
import { answerJson, LocalServers } from '../../../../test/support/local-servers.ts';
import { signJwt } from '../jws/sign-jwt.ts';
import { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { HttpEventMailbox } from './http-event-mailbox.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const QUESTION: PollQuestion = {
  maxEvents: 5,
  returnImmediately: true,
  acknowledged: ['a'],
  refused: new Map([['b', { err: 'invalid_key', description: 'no' }]]),
  maxWaitMs: 400,
};
const GOOD_TOKEN = { access_token: 'good', token_type: 'bearer', expires_in: 120 };

const servers = new LocalServers();
afterEach(() => servers.closeAll());

/** A transmitter whose two endpoints answer as they are told. */
async function transmitter(
  answers: { token?: (response: ServerResponse) => void; poll?: (response: ServerResponse) => void } = {},
) {
  let now = 1_800_000_000_000;
  const { origin, asked } = await servers.answering((response, path) => {
    if (path === '/token') (answers.token ?? ((r) => answerJson(r, GOOD_TOKEN)))(response);
    else (answers.poll ?? ((r) => answerJson(r, { sets: {} })))(response);
  });
  const poll: EventPoll = {
    endpoint: `${origin}/poll`,
    tokenEndpoint: `${origin}/token`,
    clientId: 'oncekey',
    assertionAudience: `${origin}/`,
    scope: 'ssf.read',
  };
  const { postForJson } = new GuardedFetch({ allowHttpLoopback: true });
  const sent: string[] = [];
  const mailbox = new HttpEventMailbox({
    postForJson: (url, post) => {
      sent.push(post.body);
      return postForJson(url, post);
    },
    signer: {
      sign: (typ, claims) => signJwt({ kid: 'k', alg: 'ES256', privateKey }, typ, claims),
    },
    clock: { now: () => now },
  });
  const ask = (): Promise<unknown> => mailbox.ask(poll, QUESTION, new AbortController().signal);
  return { ask, asked, sent, poll, pass: (ms: number) => void (now += ms) };
}

const pathsOf = (asked: readonly { path: string }[]): string[] => asked.map(({ path }) => path);

it('earns a token by a signature and polls with it, as often as it is good', async () => {
  const { ask, asked, sent, pass } = await transmitter();
  expect(await ask()).toEqual({ sets: {} });
  await ask();
  expect(pathsOf(asked)).toEqual(['/token', '/poll', '/poll']);
  expect(asked[1]?.headers).toMatchObject({
    authorization: 'Bearer good',
    'content-type': 'application/json',
  });
  expect(JSON.parse(sent[1] ?? '')).toEqual({
    maxEvents: 5,
    returnImmediately: true,
    ack: ['a'],
    setErrs: { b: { err: 'invalid_key', description: 'no' } },
  });
  pass(115_000);
  await ask();
  expect(pathsOf(asked).slice(3)).toEqual(['/token', '/poll']);
});

it('signs an assertion for the transmitter alone, with a key that it publishes', async () => {
  const { ask, sent, poll } = await transmitter();
  await ask();
  const form = new URLSearchParams(sent[0]);
  const assertion = form.get('client_assertion') ?? '';
  const [header, payload, signature] = assertion.split('.');
  const input = Buffer.from(`${header}.${payload}`);
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  expect(verify('sha256', input, key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  expect(readCompactJws(assertion)?.payload).toEqual({
    iss: 'oncekey',
    sub: 'oncekey',
    aud: poll.assertionAudience,
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    iat: 1_800_000_000,
    exp: 1_800_000_060,
  });
  expect([form.get('grant_type'), form.get('scope')]).toEqual(['client_credentials', 'ssf.read']);
});

it('earns another token when the one that it has is refused', async () => {
  let isGood = false;
  const { ask, asked } = await transmitter({
    poll: (response) => (isGood ? answerJson(response, { sets: {} }) : response.writeHead(401).end()),
  });
  await expect(ask()).rejects.toMatchObject({ failure: 'refused', message: expect.stringContaining('401') });
  isGood = true;
  expect(await ask()).toEqual({ sets: {} });
  expect(pathsOf(asked)).toEqual(['/token', '/poll', '/token', '/poll']);
});

it.each<[string, object]>([
  ['none', {}],
  ['one with a line break', { ...GOOD_TOKEN, access_token: 'a\nb' }],
  ['one of 10 kB', { ...GOOD_TOKEN, access_token: 'x'.repeat(10_000) }],
  ['one that has to be proved', { ...GOOD_TOKEN, token_type: 'DPoP' }],
  ['one of no type', { access_token: 'good' }],
])('sends no token to anybody when it is given %s', async (_, answer) => {
  const { ask, asked } = await transmitter({ token: (response) => answerJson(response, answer) });
  await expect(ask()).rejects.toMatchObject({ name: 'PollFailed', failure: 'refused', retryAfterMs: null });
  expect(pathsOf(asked)).toEqual(['/token']);
});

it.each<[string, (response: ServerResponse) => void, object]>([
  ['500', (r) => r.writeHead(500).end(), { failure: 'refused', retryAfterMs: null }],
  ['503 for 7 seconds', (r) => r.writeHead(503, { 'retry-after': '7' }).end(), { retryAfterMs: 7_000 }],
  ['429 until never', (r) => r.writeHead(429, { 'retry-after': 'soon' }).end(), { retryAfterMs: null }],
  [
    '503 until a time that is past',
    (r) => r.writeHead(503, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }).end(),
    { retryAfterMs: 0 },
  ],
  ['a redirect', (r) => r.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), { failure: 'refused' }],
  ['no JSON', (r) => r.end('<html>'), { failure: 'refused' }],
  ['a list', (r) => r.end('[]'), { failure: 'refused' }],
  ['a megabyte', (r) => r.end(`{"sets":{"a":"${'x'.repeat(1_000_000)}"}}`), { failure: 'too_large' }],
  ['nothing', () => undefined, { failure: 'silent' }],
])('a poll that is answered with %s has failed', async (_, answer, failure) => {
  const { ask } = await transmitter({ poll: answer });
  await expect(ask()).rejects.toMatchObject({ name: 'PollFailed', ...failure });
});

it('is cut short by whoever asked', async () => {
  const { ask, poll } = await transmitter({ poll: () => undefined });
  const { postForJson } = new GuardedFetch({ allowHttpLoopback: true });
  const ending = new AbortController();
  const waiting = postForJson(poll.endpoint, {
    contentType: 'application/json',
    body: '{}',
    totalMs: 600_000,
    signal: ending.signal,
  });
  ending.abort();
  await expect(waiting).rejects.toMatchObject({ refusal: 'too_slow' });
  await expect(ask()).rejects.toMatchObject({ failure: 'silent' });
});

it.each([
  'http://127.0.0.1:5432/',
  'https://10.0.0.1/',
  'https://metadata.google.internal/',
  'http://idp.example/',
])('K-08: sends nothing to %s', async (url) => {
  const { postForJson } = new GuardedFetch({ allowHttpLoopback: false });
  await expect(postForJson(url, { contentType: 'application/json', body: '{}' })).rejects.toMatchObject({
    name: 'FetchRefused',
  });
});
