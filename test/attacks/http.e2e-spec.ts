import { Caller, DIGEST, JWT_BEARER, REFUND } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { rawHttp, type RawAnswer } from '../support/raw-http.ts';
import { FORM_TYPE, post, request } from '../support/raw-requests.ts';

/** Each request carries a live token with all that spends it: what is refused must leave the token alive. */

let deployment: Deployment;
let records: Records;
let caller: Caller;
let port: number;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  records = await Records.open(url);
  caller = new Caller(deployment);
  port = Number(new URL(caller.url).port);
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  // Whatever came before: the broker is alive and ready.
  expect(await deployment.brokers[0]?.readiness()).toBe(200);
  expect(deployment.brokers[0]?.node.output).not.toMatch(/"level":"(?:error|fatal)"/);
  await records.close();
  await deployment.stop();
});

const send = (bytes: string): Promise<RawAnswer> => rawHttp(port, Buffer.from(bytes, 'latin1'));

/** A whole introspection of `token`, as a form. */
function spending(token: string): string {
  return new URLSearchParams({
    token,
    client_assertion_type: JWT_BEARER,
    client_assertion: caller.serverAssertion(),
    http_method: 'POST',
    http_target_uri: REFUND,
    content_digest: `sha-256=:${DIGEST}:`,
    dpop_proof: caller.apiProof(token),
  }).toString();
}

const isSpent = ({ body }: RawAnswer): boolean => body.includes('"active":true');
const chunked = (...chunks: string[]): string =>
  [...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');

interface Row {
  readonly name: string;
  readonly bytes: (form: string) => string;
  readonly status: number;
}

/** As `status` says; 200 spends the token. */
const ROWS: Row[] = [
  { name: 'a good request', bytes: (form) => post([FORM_TYPE], form), status: 200 },
  { name: 'H-01: a parameter twice', bytes: (form) => post([FORM_TYPE], `${form}&token=x`), status: 400 },
  { name: 'H-01: a list by brackets', bytes: (form) => post([FORM_TYPE], `${form}&a[]=x`), status: 400 },
  { name: 'H-01: an object by brackets', bytes: (form) => post([FORM_TYPE], `${form}&a[b]=x`), status: 400 },
  {
    name: 'H-02: the type in upper case',
    bytes: (form) => post([FORM_TYPE.toUpperCase()], form),
    status: 200,
  },
  {
    name: 'H-02: with charset UTF-8',
    bytes: (form) => post([`${FORM_TYPE}; charset=UTF-8`], form),
    status: 200,
  },
  ...['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''].map((type): Row => ({
    name: `H-02: the type "${type}"`,
    bytes: (form) => post([`Content-Type: ${type}`], form),
    status: 415,
  })),
  { name: 'H-02: no type', bytes: (form) => post([], form), status: 415 },
  { name: 'H-02: a tab and more', bytes: (form) => post([`${FORM_TYPE}\tx`], form), status: 415 },
  { name: 'H-02: charset utf-16', bytes: (form) => post([`${FORM_TYPE};charset=utf-16`], form), status: 415 },
  { name: 'H-02: two types', bytes: (form) => post([FORM_TYPE, FORM_TYPE], form), status: 415 },
  {
    name: 'H-04: 1500 parameters',
    bytes: (form) => post([FORM_TYPE], `${form}&${'a=b&'.repeat(1500)}c=d`),
    status: 400,
  },
  {
    name: 'H-04: a name of 60 kB',
    bytes: (form) => post([FORM_TYPE], `${form}&${'n'.repeat(60_000)}=x`),
    status: 400,
  },
  {
    name: 'H-04: 200 kB',
    bytes: (form) => post([FORM_TYPE], `${form}&x=${'y'.repeat(200_000)}`),
    status: 413,
  },
  {
    name: 'H-04: 2 MB in chunks',
    bytes: (form) => post([FORM_TYPE, 'Transfer-Encoding: chunked'], chunked(form, 'y'.repeat(2_000_000))),
    status: 413,
  },
  {
    name: 'H-05: chunks without a length',
    bytes: (form) =>
      post([FORM_TYPE, 'Transfer-Encoding: chunked'], chunked(form.slice(0, 9), form.slice(9))),
    status: 200,
  },
  {
    name: 'H-07: a length and chunks',
    bytes: (form) =>
      post([FORM_TYPE, `Content-Length: ${form.length}`, 'Transfer-Encoding: chunked'], chunked(form)),
    status: 400,
  },
  {
    name: 'H-07: two lengths',
    bytes: (form) =>
      post([FORM_TYPE, `Content-Length: ${form.length}`, `Content-Length: ${form.length + 1}`], form),
    status: 400,
  },
  ...['xchunked', 'chunked, identity', 'identity'].map((coding): Row => ({
    name: `H-07: Transfer-Encoding: ${coding}`,
    bytes: (form) => post([FORM_TYPE, `Transfer-Encoding: ${coding}`], form),
    status: 400,
  })),
  {
    name: 'H-07: a blank before a colon',
    bytes: (form) => post([FORM_TYPE, 'X-A : b'], form),
    status: 400,
  },
  { name: 'H-07: a folded line', bytes: (form) => post([FORM_TYPE, 'X-A: b', ' c'], form), status: 400 },
  { name: 'H-07: NUL in a header', bytes: (form) => post([FORM_TYPE, 'X-A: \0'], form), status: 400 },
  {
    name: 'H-07: bare line feeds',
    bytes: (form) => post([FORM_TYPE], form).replaceAll('\r\n', '\n'),
    status: 400,
  },
  { name: 'I-37: two hosts', bytes: (form) => post([FORM_TYPE, 'Host: x'], form), status: 400 },
  {
    name: '20 kB of headers',
    bytes: (form) => post([FORM_TYPE, `X: ${'x'.repeat(20_000)}`], form),
    status: 431,
  },
  {
    name: 'H-11: post in lower case',
    bytes: (form) => post([FORM_TYPE], form).replace('POST', 'post'),
    status: 400,
  },
  {
    name: 'H-17: an expectation with a body that is too large',
    bytes: () => post([FORM_TYPE, 'Expect: 100-continue', 'Content-Length: 900000'], ''),
    status: 413,
  },
  {
    name: 'H-17: an upgrade to h2c',
    bytes: (form) => post([FORM_TYPE, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c'], form),
    status: 200,
  },
  { name: 'H-17: a TLS hello', bytes: () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', status: 400 },
  { name: 'H-17: HTTP/0.9', bytes: () => 'GET /livez\r\n\r\n', status: 400 },
  ...['gzip', 'br', 'deflate', 'identity'].map((coding): Row => ({
    name: `H-18: a body in ${coding}`,
    bytes: (form) => post([FORM_TYPE, `Content-Encoding: ${coding}`], form),
    status: 415,
  })),
  { name: 'I-02: a query', bytes: (form) => post([FORM_TYPE], form, '/introspect?x=y'), status: 400 },
];

describe('H-01 to H-18 on the wire', () => {
  it.each(ROWS)('$name: $status', async ({ bytes, status }) => {
    const token = await caller.token();
    const answer = await send(bytes(spending(token)));
    expect(answer.status).toBe(status);
    expect(isSpent(answer)).toBe(status === 200);
    if (status !== 200) expect(answer.body).toContain('"error":"invalid_request"');
    const after = await caller.introspect(token);
    expect(after.body['active']).toBe(status !== 200);
  });

  it('H-07 hands a smuggled request on to nobody', async () => {
    const token = await caller.token();
    const inner = post([FORM_TYPE], spending(token));
    const outer = post([FORM_TYPE, 'Content-Length: 0', 'Transfer-Encoding: chunked'], `0\r\n\r\n${inner}`);
    const answer = await send(outer);
    expect(answer.status).toBe(400);
    expect(answer.headers['connection']).toBe('close');
    expect(answer.text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect((await caller.introspect(token)).body['active']).toBe(true);
  });

  it('H-16 answers pipelined spends in order, the first of one token alone with yes', async () => {
    const token = await caller.token();
    const one = (): string => post([FORM_TYPE, 'Connection: keep-alive'], spending(token));
    const { text } = await send(Array.from({ length: 50 }, one).join(''));
    const verdicts = text.match(/"active":(?:true|false)/g) ?? [];
    expect(verdicts).toHaveLength(50);
    expect(verdicts.map((verdict) => verdict.endsWith('true'))).toEqual([
      true,
      ...Array<boolean>(49).fill(false),
    ]);
  });

  it('H-13 closes a connection whose headers or body do not come within ten seconds', async () => {
    const slow = async (bytes: string): Promise<number> => {
      const began = performance.now();
      const { status } = await send(bytes);
      expect([408, null]).toContain(status);
      return performance.now() - began;
    };
    const tookMs = await Promise.all([
      slow('POST /introspect HTTP/1.1\r\nHost: broker\r\nX-Slow: '),
      slow(post([FORM_TYPE, 'Content-Length: 100'], 'token=')),
    ]);
    for (const ms of tookMs) expect(ms).toBeLessThan(11_000);
  });
});

describe('H-12 who called', () => {
  it('is the peer, whatever it says of itself', async () => {
    const forwarded = ['X-Forwarded-For', 'X-Real-IP', 'CF-Connecting-IP', 'True-Client-IP'];
    const headers = Object.fromEntries(forwarded.map((name) => [name, '203.0.113.9']));
    const answer = await caller.post(
      '/token',
      { ...caller.parameters(), subject_token: 'x.y.z' },
      {
        ...headers,
        Forwarded: 'for=203.0.113.9;host=evil.test;proto=https',
        'X-Forwarded-Host': 'evil.test',
      },
    );
    expect(await records.eventOf(answer)).toMatchObject({ reason: 'subject.malformed', ip: '127.0.0.1' });
    const metadata = await send(
      request('GET /.well-known/oauth-authorization-server', ['X-Forwarded-Host: evil.test']),
    );
    expect(metadata.body).not.toContain('evil.test');
  });
});
