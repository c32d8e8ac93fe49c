import { rawHttp } from '../../../../test/support/raw-http.ts';
import { request } from '../../../../test/support/raw-requests.ts';
import { serveBrokerEdge } from '../../../../test/support/serve-broker-edge.ts';

it('alive and not ready are two things', async () => {
  const edge = await serveBrokerEdge({
    readiness: () => ({ ready: false, checks: { database: 'unreachable', clock: 'ok' } }),
  });
  const alive = await rawHttp(edge.port, request('GET /livez'));
  const ready = await rawHttp(edge.port, request('GET /readyz'));
  await edge.stop();
  expect([alive.status, ready.status, ready.headers['retry-after']]).toEqual([200, 503, '1']);
  expect(JSON.parse(ready.body)).toEqual({
    status: 'not_ready',
    checks: { database: 'unreachable', clock: 'ok' },
  });
});
