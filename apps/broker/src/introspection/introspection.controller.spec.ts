import { rawHttp } from '../../../../test/support/raw-http.ts';
import { FORM_TYPE, post } from '../../../../test/support/raw-requests.ts';
import { REASON_ID, serveBrokerEdge } from '../../../../test/support/serve-broker-edge.ts';

it('check 82: a positive answer is the body of the pipeline, 200, and nobody may keep it', async () => {
  const edge = await serveBrokerEdge();
  const { status, headers, body } = await rawHttp(edge.port, post([FORM_TYPE]));
  await edge.stop();
  expect([status, headers['cache-control'], headers['oncekey-reason-id']]).toEqual([
    200,
    'no-store',
    undefined,
  ]);
  expect(JSON.parse(body)).toEqual({ active: true, sub: 'ada' });
});

it('D3: a negative answer is exactly one body; the reason id is in a header', async () => {
  const edge = await serveBrokerEdge({
    introspect: async () => ({ active: false, callerId: 'orders-api', reasonId: REASON_ID }),
  });
  const { status, headers, body } = await rawHttp(edge.port, post([FORM_TYPE]));
  await edge.stop();
  expect([status, body, headers['oncekey-reason-id']]).toEqual([200, '{"active":false}', REASON_ID]);
});

it('reads the binding parameters and the Idempotency-Key', async () => {
  const edge = await serveBrokerEdge();
  const form = new URLSearchParams({
    token: 'once_x',
    http_method: 'POST',
    http_target_uri: 'https://a.example/b?c=d',
  });
  await rawHttp(edge.port, post([FORM_TYPE, 'Idempotency-Key: "k"'], form.toString()));
  await edge.stop();
  expect(edge.introspections).toMatchObject([
    {
      token: 'once_x',
      idempotencyKey: 'k',
      presented: { method: 'POST', targetUri: 'https://a.example/b?c=d' },
    },
  ]);
});
