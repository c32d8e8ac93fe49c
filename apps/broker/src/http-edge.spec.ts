import { OAuthError, Unavailable } from '#core';
import { rawHttp } from '../../../test/support/raw-http.ts';
import { REASON_ID, serveBrokerEdge, type ServedEdge } from '../../../test/support/serve-broker-edge.ts';

const FORM_TYPE = 'Content-Type: application/x-www-form-urlencoded';
const GOOD = 'token=once_x';

/** A request of raw bytes: the request line, header fields, a body. */
function request(line: string, headers: readonly string[] = [], body = ''): string {
  const length = headers.some((field) => /^(content-length|transfer-encoding)/i.test(field))
    ? []
    : [`Content-Length: ${body.length}`];
  const last = headers.some((field) => field.startsWith('Connection')) ? [] : ['Connection: close'];
  return [`${line} HTTP/1.1`, 'Host: broker.example', ...headers, ...last, ...length, '', body].join('\r\n');
}

const post = (headers: readonly string[], body = GOOD, path = '/introspect'): string =>
  request(`POST ${path}`, headers, body);

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

describe('H-02: media types of a form', () => {
  it.each([
    ['as it should be', [FORM_TYPE], 200],
    ['upper case', ['CONTENT-TYPE: APPLICATION/X-WWW-FORM-URLENCODED'], 200],
    ['with charset utf-8', [`${FORM_TYPE};charset=UTF-8`], 200],
    ['with another charset', [`${FORM_TYPE};charset=utf-16`], 415],
    ['with rubbish behind', [`${FORM_TYPE}\tx`], 415],
    ['JSON', ['Content-Type: application/json'], 415],
    ['multipart', ['Content-Type: multipart/form-data; boundary=x'], 415],
    ['plain text', ['Content-Type: text/plain'], 415],
    ['no type', [], 415],
    ['an empty type', ['Content-Type:'], 415],
    ['two of them', [FORM_TYPE, FORM_TYPE], 415],
    ['two, another first', ['Content-Type: text/plain', FORM_TYPE], 415],
  ])('%s', async (_, headers, status) => {
    const answer = await rawHttp(edge.port, post(headers));
    expect(answer.status).toBe(status);
    expect(edge.introspections).toHaveLength(status === 200 ? 1 : 0);
    if (status === 415) {
      expect(edge.recorded).toEqual(
        [
          {
            type: 'token.introspect',
            reason: 'request.wrong_media_type',
            detail: expect.anything() as unknown,
          },
        ].map((one) => ({ ...one, detail: edge.recorded[0]?.detail ?? null })),
      );
    }
  });
});

describe('H-01, H-04, H-05, H-18: bodies', () => {
  const chunked = (...chunks: string[]): string =>
    [...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');

  it.each([
    [
      'chunked without a length',
      post([FORM_TYPE, 'Transfer-Encoding: chunked'], chunked('token', '=once_x')),
      200,
      null,
    ],
    ['a repeated parameter', post([FORM_TYPE], 'token=a&token=b'), 400, 'request.malformed'],
    ['a parameter a[]', post([FORM_TYPE], 'token=a&x[]=b'), 400, 'request.malformed'],
    ['a parameter a[b]', post([FORM_TYPE], 'token=a&x%5Bb%5D=b'), 400, 'request.malformed'],
    ['1500 parameters', post([FORM_TYPE], `token=a${'&b=c'.repeat(1500)}`), 400, 'request.malformed'],
    ['a parameter name of 60 kB', post([FORM_TYPE], `${'n'.repeat(60_000)}=1`), 400, 'request.malformed'],
    ['no body', post([FORM_TYPE], ''), 400, 'request.malformed'],
    ['bytes that are not UTF-8', post([FORM_TYPE], 'token=\xff\xfe'), 400, 'request.malformed'],
    ['200 kB', post([FORM_TYPE], `token=${'a'.repeat(200_000)}`), 413, 'request.too_large'],
    [
      'a length that promises 1 GB',
      post([FORM_TYPE, 'Content-Length: 1073741824'], GOOD),
      413,
      'request.too_large',
    ],
    [
      '200 kB in chunks',
      post([FORM_TYPE, 'Transfer-Encoding: chunked'], chunked('a'.repeat(200_000))),
      413,
      'request.too_large',
    ],
    ['gzip', post([FORM_TYPE, 'Content-Encoding: gzip']), 415, 'request.wrong_media_type'],
    ['br', post([FORM_TYPE, 'Content-Encoding: br']), 415, 'request.wrong_media_type'],
    ['identity', post([FORM_TYPE, 'Content-Encoding: identity']), 415, 'request.wrong_media_type'],
  ])('%s', async (_, bytes, status, reason) => {
    const answer = await rawHttp(edge.port, Buffer.from(bytes, 'latin1'));
    expect(answer.status).toBe(status);
    expect(edge.recorded.map((one) => one.reason)).toEqual(reason === null ? [] : [reason]);
    if (status === 413) expect(answer.headers['connection']).toBe('close');
    if (reason !== null) expect(answer.headers['oncekey-reason-id']).toBe(REASON_ID);
  });
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

const PATHS = [
  '/token',
  '/introspect',
  '/.well-known/oauth-authorization-server',
  '/jwks',
  '/livez',
  '/readyz',
  '/openapi.json',
];

describe('H-10: one spelling per path', () => {
  const spellings = PATHS.flatMap((path) => [
    path.toUpperCase(),
    `${path}/`,
    `/${path}`,
    `//${path}`,
    `/.${path}`,
    `/x/..${path}`,
    path.replace(/^\/(.)/, (_, first: string) => `/%${(first.codePointAt(0) ?? 0).toString(16)}`),
    `${path};x=1`,
    `${path}%2f`,
    `${path}%00`,
    `${path}%`,
    `${path}#x`,
    `http://broker.example${path}`,
    `${path}/.`,
    `/%2e${path}`,
  ]);

  it.each(
    spellings.flatMap((path) => [
      ['GET', path],
      ['POST', path],
    ]),
  )('%s %s', async (method, path) => {
    const bytes = method === 'POST' ? post([FORM_TYPE], GOOD, path) : request(`GET ${path}`);
    const { status, body } = await rawHttp(edge.port, bytes);
    expect([400, 404]).toContain(status);
    expect(JSON.parse(body)).toMatchObject({ error: 'invalid_request' });
    expect([edge.exchanges, edge.introspections, edge.recorded]).toEqual([[], [], []]);
  });

  it.each(['/token?token=once_x', '/introspect?token=once_x', '/introspect?'])(
    'refuses a query where there is a body: %s',
    async (path) => {
      const { status } = await rawHttp(edge.port, post([FORM_TYPE], GOOD, path));
      expect(status).toBe(400);
      expect(edge.recorded).toMatchObject([{ reason: 'request.malformed' }]);
      expect([edge.exchanges, edge.introspections]).toEqual([[], []]);
      expect(JSON.stringify(edge.lines)).not.toContain('once_x');
    },
  );
});

describe('H-11: methods', () => {
  const others = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'POST'];
  const wrong = PATHS.flatMap((path) => {
    const allowed = path === '/token' || path === '/introspect' ? ['POST'] : ['GET', 'HEAD'];
    return others.filter((method) => !allowed.includes(method)).map((method) => ({ method, path, allowed }));
  });

  it.each(wrong)('$method $path is 405', async ({ method, path, allowed }) => {
    const answer = await rawHttp(edge.port, request(`${method} ${path}`));
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe(allowed.join(', '));
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(PATHS.slice(2))('HEAD %s has the headers and no body', async (path) => {
    const answer = await rawHttp(edge.port, request(`HEAD ${path}`));
    expect([answer.status, answer.body]).toEqual([200, '']);
  });

  it('H-21: answers no preflight', async () => {
    const preflight = ['Origin: https://evil.example', 'Access-Control-Request-Method: POST'];
    const answer = await rawHttp(edge.port, request('OPTIONS /token', preflight));
    expect(answer.status).toBe(405);
    expect(answer.text.toLowerCase()).not.toContain('access-control');
  });
});

describe('H-20, H-22: headers of every answer', () => {
  it.each([
    ['a token', post([FORM_TYPE], tokenForm(), '/token'), 200],
    ['an introspection', post([FORM_TYPE]), 200],
    ['a conditional introspection', post([FORM_TYPE, 'If-None-Match: *', 'Range: bytes=0-1']), 200],
    ['a refusal', post([FORM_TYPE], 'token=a&token=a'), 400],
    ['a wrong method', request('GET /token'), 405],
    ['a wrong path', request('GET /nothing'), 404],
    ['a path with a broken escape', request('GET /%zz'), 404],
    ['a request that is not HTTP', 'x\r\n\r\n', 400],
  ])('%s', async (_, bytes, status) => {
    const { status: got, headers } = await rawHttp(edge.port, bytes);
    expect(got).toBe(status);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-type': expect.stringMatching(/^application\/json/),
    });
    for (const name of ['etag', 'x-powered-by', 'server', 'access-control-allow-origin', 'set-cookie']) {
      expect(headers[name]).toBeUndefined();
    }
  });
});

function tokenForm(): string {
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: 'a.b.c',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  }).toString();
}

describe('errors from behind', () => {
  it.each([
    [
      'a refusal that is on record',
      new OAuthError('policy.denied').withReasonId(REASON_ID),
      400,
      'invalid_authorization_details',
      [],
    ],
    ['what did not answer', new Unavailable('the ledger'), 503, 'temporarily_unavailable', []],
    [
      'H-26: a fault of an unknown kind',
      new TypeError('secret detail'),
      500,
      'server_error',
      ['broker.fault'],
    ],
  ])('%s', async (_, thrown, status, error, recorded) => {
    const failing = await serveBrokerEdge({ exchange: () => Promise.reject(thrown) });
    try {
      const answer = await rawHttp(failing.port, post([FORM_TYPE], tokenForm(), '/token'));
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject({ error });
      expect(answer.text).not.toContain('secret detail');
      expect(failing.recorded.map(({ reason }) => reason)).toEqual(recorded);
      expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
      if (status !== 503) expect(answer.headers['oncekey-reason-id']).toBe(REASON_ID);
    } finally {
      await failing.stop();
    }
  });

  it.each([
    ['without Authorization: no challenge', [], undefined],
    ['with Authorization: a challenge', ['Authorization: Basic YTpi'], 'Basic realm="oncekey"'],
  ])('D2: a 401 %s', async (_, headers, challenge) => {
    const failing = await serveBrokerEdge({
      introspect: () => Promise.reject(new OAuthError('client.missing')),
    });
    try {
      const answer = await rawHttp(failing.port, post([FORM_TYPE, ...headers]));
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, challenge]);
    } finally {
      await failing.stop();
    }
  });
});

describe('H-12: who called', () => {
  const forwarded = ['X-Forwarded-For: 203.0.113.9', 'Forwarded: for=203.0.113.8', 'X-Real-IP: 203.0.113.7'];

  it('is the peer, whatever it says of itself', async () => {
    await rawHttp(edge.port, post([FORM_TYPE, ...forwarded], tokenForm(), '/token'));
    expect(edge.exchanges[0]?.observed.ip).toBe('127.0.0.1');
  });

  it('is whom a trusted proxy names', async () => {
    const behindProxy = await serveBrokerEdge({}, { trustedProxies: ['127.0.0.0/8'] });
    try {
      await rawHttp(behindProxy.port, post([FORM_TYPE, ...forwarded], tokenForm(), '/token'));
      expect(behindProxy.exchanges[0]?.observed.ip).toBe('203.0.113.9');
    } finally {
      await behindProxy.stop();
    }
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
