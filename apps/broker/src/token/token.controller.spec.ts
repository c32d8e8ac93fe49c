import { OAuthError } from '#core';
import { rawHttp } from '../../../../test/support/raw-http.ts';
import { FORM_TYPE, post, tokenForm } from '../../../../test/support/raw-requests.ts';
import { ISSUED, serveBrokerEdge } from '../../../../test/support/serve-broker-edge.ts';
import type { Broker } from '../broker.ts';

async function answerOf(pipelines: Partial<Broker>, headers: readonly string[] = []) {
  const edge = await serveBrokerEdge(pipelines);
  try {
    const answer = await rawHttp(edge.port, post([FORM_TYPE, ...headers], tokenForm(), '/token'));
    return { ...answer, json: JSON.parse(answer.body) as unknown, edge };
  } finally {
    await edge.stop();
  }
}

it('answers 200 with the members of RFC 8693 and the next nonce', async () => {
  const { status, headers, json } = await answerOf({});
  expect([status, headers['dpop-nonce'], headers['pragma']]).toEqual([200, 'next-nonce', 'no-cache']);
  expect(json).toEqual({
    access_token: ISSUED.accessToken,
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'DPoP',
    scope: 'orders.refund',
    expires_in: 15,
    authorization_details: [ISSUED.operation],
    txn: ISSUED.txn,
  });
});

it('has no nonce for who sent no proof', async () => {
  const { headers } = await answerOf({ exchange: async () => ({ ...ISSUED, dpopNonce: null }) });
  expect(headers['dpop-nonce']).toBeUndefined();
});

it('hands the pipeline each header field as it came', async () => {
  const { edge } = await answerOf({}, ['DPoP: one', 'dpop: two']);
  expect(edge.exchanges[0]?.dpopProofs).toEqual(['one', 'two']);
});

it('hands out the nonce that a refusal carries', async () => {
  const refusal = new OAuthError('device.nonce_required', null, { dpopNonce: 'fresh' });
  const { status, headers, json } = await answerOf({ exchange: () => Promise.reject(refusal) });
  expect([status, headers['dpop-nonce']]).toEqual([400, 'fresh']);
  expect(json).toMatchObject({ error: 'use_dpop_nonce' });
});

it('writes one log line per request, with the route and the reason id, and nothing of the body', async () => {
  const refusal = new OAuthError('policy.denied').withReasonId('019a');
  const { edge } = await answerOf({ exchange: () => Promise.reject(refusal) });
  const lines = edge.lines.filter(({ msg }) => msg === 'request');
  expect(lines).toMatchObject([{ method: 'POST', route: '/token', status: 400, reasonId: '019a' }]);
  expect(JSON.stringify(edge.lines)).not.toContain('a.b.c');
});
