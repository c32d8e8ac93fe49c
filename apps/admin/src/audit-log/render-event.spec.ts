import { aQuestion } from '#testing';
import { renderEvent } from './render-event.ts';

const EVENT = {
  id: 'id',
  at: Date.UTC(2026, 0, 5),
  type: 'token.exchange',
  outcome: 'permitted',
  reason: null,
  reasonId: 'reason',
  txn: 'txn',
  detail: null,
} as const;

it('has the names of the API, and leaves out what is not there', () => {
  expect(renderEvent(EVENT)).toEqual({
    id: 'id',
    at: '2026-01-05T00:00:00.000Z',
    type: 'token.exchange',
    outcome: 'permitted',
    reason: null,
    reason_id: 'reason',
    txn: 'txn',
    detail: null,
  });
});

it('names obligations as annotations do, and the question as policies do', () => {
  const obligations = {
    ttlSeconds: 5,
    uses: 1,
    digestRequired: true,
    acrValues: ['a', 'b'],
    maxAuthAgeSeconds: 60,
    proofRequired: true,
  } as const;
  const question = aQuestion();
  expect(renderEvent({ ...EVENT, obligations, question, deviceKey: null, operationId: 'x' })).toMatchObject({
    obligations: { ttl: 5, uses: 1, digest: 'required', acr: 'a b', max_auth_age: 60, proof: 'dpop' },
    device_key: null,
    operation_id: 'x',
    question: {
      operation: { target_uri: question.context.operation.targetUri, params: { id: '42' }, has_digest: true },
      device: { key: 'thumbprint' },
      auth: { acr: 'phr', amr: ['hwk'], auth_time: 1_799_999_990 },
    },
  });
});
