import { generateKeyPairSync } from 'node:crypto';
import { eventually } from '../../../test/support/eventually.ts';
import {
  accepts,
  answers,
  closeAll,
  givingMetadata,
  RESOURCE,
  standInBroker,
  type Asked,
  type Handler,
} from '../test/stand-in-broker.ts';
import { createGuard } from './guard.ts';
import type { Guard } from './guard-with.ts';
import { createWebGuard } from './web/create-web-guard.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const REQUEST = {
  method: 'GET',
  rawUrl: '/orders',
  rawHeaders: ['Host', 'api.example', 'Authorization', 'DPoP once_x', 'DPoP', 'a.b.c'],
  rawBody: Buffer.alloc(0),
};
const GIVEN = { access_token: 'oncecaller_1', token_type: 'Bearer', expires_in: 60, scope: 'introspect' };

let guard: Guard | null = null;
afterEach(async () => {
  guard?.close();
  await closeAll();
});

const makers: Readonly<Record<string, (issuer: string, callerTokens: boolean) => Guard>> = {
  createGuard: (issuer, callerTokens) =>
    createGuard({ issuer, clientId: 'orders-api', resource: RESOURCE, privateKey, callerTokens }),
  createWebGuard: (issuer, callerTokens) => {
    const jwk = { ...privateKey.export({ format: 'jwk' }), kty: 'EC' };
    const settings = { issuer, clientId: 'orders-api', resource: RESOURCE, callerTokens };
    return createWebGuard({ ...settings, privateKey: jwk });
  },
};

interface Told {
  /** What a broker that gives out caller tokens answers where one is shown to it. */
  readonly withBearer: Handler;
  readonly granted?: Handler;
  readonly isOn?: boolean;
}

async function run(kind: string, { withBearer, granted = answers(200, GIVEN), isOn = true }: Told) {
  const broker = await standInBroker(
    [
      (asked, response) => {
        if (asked.path === '/token') granted(asked, response);
        else if (asked.headers.authorization === undefined) accepts()(asked, response);
        else withBearer(asked, response);
      },
    ],
    givingMetadata,
  );
  const mine = (guard = makers[kind]!(broker.issuer, isOn));
  const introspections = (): Asked[] => broker.asked.filter(({ path }) => path === '/introspect');
  const bearers = (): Asked[] =>
    introspections().filter(({ headers }) => headers.authorization !== undefined);
  const check = async (): Promise<string> => {
    const decision = await mine.check(REQUEST);
    return decision.granted ? 'granted' : decision.refusal.reason;
  };
  return { broker, introspections, bearers, check };
}

describe.each(Object.keys(makers))('%s and caller tokens', (kind) => {
  it('signs until it has one, and then shows it in place of an assertion', async () => {
    const { bearers, introspections, check } = await run(kind, { withBearer: accepts() });
    await eventually(async () => (await check()) === 'granted' && bearers().length > 0, 10_000);
    expect(introspections()[0]?.form.has('client_assertion')).toBe(true);
    expect(bearers()[0]?.headers.authorization).toBe('Bearer oncecaller_1');
    for (const name of ['client_assertion', 'client_assertion_type', 'client_secret']) {
      expect(bearers()[0]?.form.has(name)).toBe(false);
    }
  });

  it('one that is refused costs one more question, under the same Idempotency-Key, and is not shown again', async () => {
    const { bearers, introspections, check } = await run(kind, {
      withBearer: answers(401, { error: 'invalid_token' }),
    });
    await eventually(async () => (await check()) === 'granted' && bearers().length > 0, 10_000);
    const [refused, again, ...more] = introspections().slice(introspections().indexOf(bearers()[0]!));
    expect(more).toEqual([]);
    expect(again?.form.has('client_assertion')).toBe(true);
    expect(again?.headers['idempotency-key']).toBe(refused?.headers['idempotency-key']);
    expect(await check()).toBe('granted');
    expect(bearers()).toHaveLength(1);
  });

  it.each<[string, Handler]>([
    ['inactive', answers(200, { active: false })],
    ['another fault', answers(400, { error: 'invalid_request' })],
  ])('what else is answered to one is the answer: %s', async (_, withBearer) => {
    const { bearers, introspections, check } = await run(kind, { withBearer });
    let heard = '';
    await eventually(async () => {
      heard = await check();
      return bearers().length > 0;
    }, 10_000);
    expect(heard).not.toBe('granted');
    expect(introspections().at(-1)).toBe(bearers()[0]);
  });

  it('goes on signing where the grant is refused, and asks no more', async () => {
    const granted = answers(400, { error: 'unauthorized_client' });
    const { broker, bearers, check } = await run(kind, { withBearer: accepts(), granted });
    const grants = (): number => broker.asked.filter(({ path }) => path === '/token').length;
    await eventually(async () => (await check()) === 'granted' && grants() > 0, 10_000);
    for (let time = 0; time < 3; time++) expect(await check()).toBe('granted');
    expect([grants(), bearers().length]).toEqual([1, 0]);
  });

  it('asks for none when it is told so', async () => {
    const { broker, check } = await run(kind, { withBearer: accepts(), isOn: false });
    for (let time = 0; time < 4; time++) expect(await check()).toBe('granted');
    expect(broker.asked.map(({ path }) => path)).toEqual(Array(4).fill('/introspect'));
  });
});
