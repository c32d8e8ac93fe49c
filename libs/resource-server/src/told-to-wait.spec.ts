import { generateKeyPairSync } from 'node:crypto';
import { accepts, answers, closeAll, RESOURCE, standInBroker } from '../test/stand-in-broker.ts';
import { createGuard } from './guard.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const REQUEST = {
  method: 'POST',
  rawUrl: '/orders/42/refund?notify=1',
  rawHeaders: ['Host', 'api.example', 'Authorization', 'DPoP once_a.b.c', 'DPoP', 'aGVhZGVy.cGF5bG9hZA.c2ln'],
  rawBody: null,
};

afterEach(closeAll);

it.each([503, 429])('a broker is not asked again before it wants to be: %d', async (status) => {
  const { issuer, asked } = await standInBroker([
    answers(status, { error: 'temporarily_unavailable' }, { 'retry-after': '120' }),
    accepts(),
  ]);
  const guard = createGuard({ issuer, clientId: 'orders-api', privateKey, resource: RESOURCE });
  try {
    expect(await guard.check(REQUEST)).toMatchObject({
      refusal: {
        reason: 'unavailable',
        status: 503,
        headers: { 'retry-after': '120' },
        cause: { name: 'BrokerFailure', retryAfterMs: 120_000 },
      },
    });
    expect(asked).toHaveLength(1);
    expect(await guard.check(REQUEST)).toMatchObject({ granted: true });
  } finally {
    guard.close();
  }
});
