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

const PATHS = [
  '/token',
  '/introspect',
  '/.well-known/oauth-authorization-server',
  '/jwks',
  '/schemas/http_operation.json',
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
