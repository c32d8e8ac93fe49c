import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { rawHttp, type RawAnswer } from '../support/raw-http.ts';
import { FORM_TYPE, post, request } from '../support/raw-requests.ts';

let deployment: Deployment;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
}, 60_000);
afterAll(() => deployment.stop());
afterEach(() => expectServed(caller));

const send = (bytes: string): Promise<RawAnswer> =>
  rawHttp(Number(new URL(caller.url).port), Buffer.from(bytes, 'latin1'));

const POSTED = ['/token', '/introspect'];
const READ = ['/.well-known/oauth-authorization-server', '/jwks', '/livez', '/readyz', '/openapi.json'];

/** Other spellings of a path that some router, proxy or file server takes for the same. */
function spellingsOf(path: string): string[] {
  const first = path.charCodeAt(1).toString(16);
  return [
    path.toUpperCase(),
    `${path}/`,
    `/${path}`,
    `/.${path}`,
    `/x/..${path}`,
    `/%2e${path}`,
    `/%${first}${path.slice(2)}`,
    `${path};x=1`,
    `${path}%2f`,
    `${path}%00`,
    `${path}%20`,
    `${path}.json`,
    `${path}/..${path}`,
    `${path}\\`,
    `${path}#x`,
    `http://broker.example${path}`,
    `*${path}`,
  ];
}

describe('H-10 one spelling per path', () => {
  it.each([...POSTED, ...READ])('answers no other spelling of %s', async (path) => {
    for (const spelling of spellingsOf(path)) {
      for (const bytes of [request(`GET ${spelling}`), post([FORM_TYPE], 'token=x', spelling)]) {
        const { status, body } = await send(bytes);
        expect([400, 404]).toContain(status);
        expect(JSON.parse(body)).toMatchObject({ error: 'invalid_request' });
      }
    }
  });

  it.each(READ)('answers %s itself', async (path) => {
    expect((await send(request(`GET ${path}`))).status).toBe(200);
  });
});

describe('H-11 methods', () => {
  const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'POST'];

  it.each([...POSTED, ...READ])(
    'refuses every other method on %s, and names those that it has',
    async (path) => {
      const allowed = POSTED.includes(path) ? ['POST'] : ['GET', 'HEAD'];
      for (const method of METHODS.filter((one) => !allowed.includes(one))) {
        const { status, headers } = await send(request(`${method} ${path}`));
        expect([method, status, headers['allow']]).toEqual([method, 405, allowed.join(', ')]);
        expect(headers['oncekey-reason-id'] === undefined).toBe(READ.includes(path));
      }
    },
  );

  it.each(['FOO', 'get', 'CONNECT'])('refuses the method %s', async (method) => {
    const { status } = await send(request(`${method} /token`));
    expect([400, 405, null]).toContain(status);
  });
});

describe('H-20, H-21, H-22 headers of answers', () => {
  const ALIEN = ['etag', 'server', 'x-powered-by', 'set-cookie', 'last-modified', 'location', 'via'];

  it.each<[string, string, number, string]>([
    ['a refused exchange', post([FORM_TYPE], 'grant_type=x', '/token'), 400, 'no-store'],
    ['an introspection without credentials', post([FORM_TYPE]), 401, 'no-store'],
    ['a conditional one', post([FORM_TYPE, 'If-None-Match: *', 'Range: bytes=0-1']), 401, 'no-store'],
    ['a wrong method', request('GET /token'), 405, 'no-store'],
    ['a wrong path', request('GET /nothing'), 404, 'no-store'],
    ['what is not HTTP', 'x\r\n\r\n', 400, 'no-store'],
    ['a health check', request('GET /readyz'), 200, 'no-store'],
    ['the keys', request('GET /jwks'), 200, 'max-age'],
    ['the metadata', request('GET /.well-known/oauth-authorization-server'), 200, 'max-age'],
  ])('%s', async (_, bytes, status, cacheControl) => {
    const answer = await send(bytes);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.headers['cache-control']).toContain(cacheControl);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const names = Object.keys(answer.headers);
    expect(names.filter((name) => ALIEN.includes(name) || name.startsWith('access-control'))).toEqual([]);
    expect(answer.text).not.toMatch(/node_modules|at \w+ \(|fastify|nest|SELECT|postgres/i);
  });

  it.each([...POSTED, '/jwks'])('H-21 answers no preflight on %s', async (path) => {
    const preflight = ['Origin: https://evil.example', 'Access-Control-Request-Method: POST'];
    const { status, text } = await send(request(`OPTIONS ${path}`, preflight));
    expect(status).toBe(405);
    expect(text.toLowerCase()).not.toContain('access-control');
  });
});
