import { rawHttp } from '../../../test/support/raw-http.ts';
import { FORM_TYPE, GOOD, post, request } from '../../../test/support/raw-requests.ts';
import { serveBrokerEdge, type ServedEdge } from '../../../test/support/serve-broker-edge.ts';

let edge: ServedEdge;
beforeAll(async () => {
  edge = await serveBrokerEdge();
});
afterAll(() => edge.stop());
beforeEach(() => {
  for (const list of [edge.recorded, edge.exchanges, edge.introspections]) list.splice(0);
});
afterEach(async () => {
  // The positive control: whatever came before, the next good request succeeds.
  expect((await rawHttp(edge.port, post([FORM_TYPE]))).status).toBe(200);
});

describe('H-07, H-17: what is not HTTP, or asks for another protocol', () => {
  it.each([
    ['length and chunked', post([FORM_TYPE, 'Content-Length: 12', 'Transfer-Encoding: chunked'], GOOD), 400],
    ['two lengths', post([FORM_TYPE, 'Content-Length: 12', 'Content-Length: 13'], GOOD), 400],
    ['xchunked', post([FORM_TYPE, 'Transfer-Encoding: xchunked'], GOOD), 400],
    ['a blank before the colon', post([FORM_TYPE, 'Transfer-Encoding : chunked'], GOOD), 400],
    ['a folded header', post([FORM_TYPE, 'X-A: b', ' c'], GOOD), 400],
    ['NUL in a header', post([FORM_TYPE, 'X-A: b\0c'], GOOD), 400],
    ['bare LF', 'POST /introspect HTTP/1.1\nHost: a\nContent-Length: 0\n\n', 400],
    ['two hosts', post([FORM_TYPE, 'Host: other.example'], GOOD), 400],
    ['no host', `POST /introspect HTTP/1.1\r\n${FORM_TYPE}\r\nContent-Length: 12\r\n\r\n${GOOD}`, 400],
    ['headers of 20 kB', post([FORM_TYPE, `X-A: ${'a'.repeat(20_000)}`], GOOD), 431],
    [
      'chunk extensions of 20 kB',
      post([FORM_TYPE, 'Transfer-Encoding: chunked'], `1;${'a'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`),
      413,
    ],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['HTTP/0.9', 'GET /livez\r\n\r\n', 400],
    [
      'an expectation with a body too large',
      post([FORM_TYPE, 'Expect: 100-continue', 'Content-Length: 900000'], ''),
      413,
    ],
    ['an unknown expectation', post([FORM_TYPE, 'Expect: tea'], GOOD), 417],
    [
      'an upgrade to h2c, which is not taken',
      post([FORM_TYPE, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c'], GOOD),
      200,
    ],
    ['a method that does not exist', request('FOO /introspect'), 400],
    ['a method in lower case', request('post /introspect', [FORM_TYPE], GOOD), 400],
  ])('%s', async (_, bytes, status) => {
    const answer = await rawHttp(edge.port, Buffer.from(bytes, 'latin1'));
    expect(answer.status).toBe(status);
    expect(edge.introspections).toHaveLength(status === 200 ? 1 : 0);
    if (status === 400) expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_request' });
  });

  it('continues where the body is asked for first', async () => {
    const answer = await rawHttp(edge.port, post([FORM_TYPE, 'Expect: 100-continue']));
    expect(answer.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/);
  });

  it('H-16: answers a thousand pipelined requests in order', async () => {
    const { text } = await rawHttp(edge.port, request('GET /livez', ['Connection: keep-alive']).repeat(1000));
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(1000);
  });
});

describe('H-13: clients that take their time', () => {
  it.each([
    ['headers that never end', ['POST /introspect HTTP/1.1\r\nHost: a\r\nX-Slow: ']],
    ['a body that never ends', [post([FORM_TYPE, 'Content-Length: 100'], 'token=')]],
  ])('%s: closed within 11 s', async (_, bytes) => {
    const started = performance.now();
    const { status } = await rawHttp(edge.port, bytes);
    expect([408, null]).toContain(status);
    expect(performance.now() - started).toBeLessThan(11_000);
  });
});

it('H-23: a client that leaves in the middle of its body harms nobody', async () => {
  const left = await serveBrokerEdge();
  const net = await import('node:net');
  await new Promise<void>((resolve) => {
    const socket = net.connect(left.port, '127.0.0.1', () => {
      socket.write(post([FORM_TYPE, 'Content-Length: 100'], 'token='), () => {
        socket.destroy();
        resolve();
      });
    });
  });
  expect((await rawHttp(left.port, post([FORM_TYPE]))).status).toBe(200);
  await left.stop();
});
