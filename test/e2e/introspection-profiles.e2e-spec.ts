import { Caller, type Answer } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { seedFiles } from '../support/deployment/seed-files.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(() => deployment.stop());

const present = async (): Promise<Answer> => caller.introspect(await caller.token());

/** Registers the API anew; resolves when the broker answers as `isApplied` says. */
async function register(introspection: object, isApplied: (answer: Answer) => boolean): Promise<void> {
  const { publicJwk } = deployment.keys.server;
  const server = { id: 'orders', client_id: 'orders-api', resource: API, jwks: { keys: [publicJwk] } };
  await seedFiles(
    { 'resource-servers.yaml': JSON.stringify([{ ...server, introspection }]) },
    deployment.env,
  );
  await eventually(async () => isApplied(await present()), 5_000);
}

/** Seconds between the second of the answer, by the broker's own Date, and the `exp` that it tells. */
function secondsLeft({ body, headers }: Answer): number {
  return Number(body['exp']) - Math.floor(Date.parse(headers.get('date') ?? '') / 1000);
}

it('tells the whole life of the token to an API that asks for every request', async () => {
  expect(secondsLeft(await present())).toBeGreaterThan(290);
});

it('I-46: tells a life that ends with the next second to an API that keeps answers until then', async () => {
  await register({ exp: 'soon' }, (answer) => secondsLeft(answer) < 5);
  const left = secondsLeft(await present());
  expect([0, 1, 2]).toContain(left);
});

it('I-46: tells a life that is over to an API that keeps answers and looks at no clock', async () => {
  await register({ exp: 'past' }, (answer) => secondsLeft(answer) <= 0);
  const { body } = await present();
  expect(body).toMatchObject({ active: true, exp: expect.any(Number) });
  expect(Number(body['exp'])).toBeLessThanOrEqual(Date.now() / 1000);
});

it('never tells a later end than the token has, and spends it as ever', async () => {
  await register({ exp: 'soon' }, (answer) => [0, 1, 2].includes(secondsLeft(answer)));
  const token = await caller.token({
    subject_token: deployment.issuerServer.idToken({ exp: Math.floor(Date.now() / 1000) + 5 }),
  });
  expect((await caller.introspect(token)).body['active']).toBe(true);
  expect((await caller.introspect(token)).text).toBe('{"active":false}');
});

it('tells members under the names that an API knows, besides their own', async () => {
  const aliases = { username: 'sub', consumer: 'client_id', path: 'htu' };
  await register({ aliases }, ({ body }) => body['username'] !== undefined);
  const { body } = await present();
  expect(body).toMatchObject({
    sub: 'ada',
    username: 'ada',
    client_id: 'desk',
    consumer: 'desk',
    active: true,
  });
  expect(body['path']).toBe(body['htu']);
});
