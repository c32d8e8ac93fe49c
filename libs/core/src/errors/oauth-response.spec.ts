import { OAuthError, Unavailable } from './oauth-error.ts';
import { reasonOf, REASON_ID_HEADER, toOAuthResponse } from './oauth-response.ts';
import { REFUSALS, type RefusalReason } from './refusals.ts';

const SECRET = 'once_secret "at" \\ https://db:password@host';

describe('toOAuthResponse', () => {
  test.each(Object.keys(REFUSALS) as RefusalReason[])('%s is rendered from its row alone', (reason) => {
    const { error, status, says } = REFUSALS[reason];
    const response = toOAuthResponse(new OAuthError(reason, SECRET, { cause: new Error(SECRET) }));
    expect(response).toMatchObject({ status, body: { error, error_description: says } });
    expect(Object.keys(response.body)).toEqual(['error', 'error_description']);
    expect(JSON.stringify(response)).not.toContain('secret');
  });

  test.each<[string, unknown]>([
    ['an error of the runtime', new TypeError(SECRET)],
    ['a text', SECRET],
    ['nothing', undefined],
    ['null', null],
    ['what looks like a refusal', { reason: 'client.unknown', status: 200 }],
  ])('%s is a fault of ours and tells nothing', (_, thrown) => {
    expect(reasonOf(thrown)).toBe('broker.fault');
    expect(toOAuthResponse(thrown)).toEqual({
      status: 500,
      body: { error: 'server_error', error_description: REFUSALS['broker.fault'].says },
      headers: {},
    });
  });

  test('Unavailable is 503 and says when to come again', () => {
    const response = toOAuthResponse(new Unavailable(SECRET, new Error(SECRET)));
    expect(response.status).toBe(503);
    expect(response.headers).toEqual({ 'Retry-After': '1' });
    expect(JSON.stringify(response)).not.toContain('secret');
  });

  test('a wrong method is answered with the right one', () => {
    expect(toOAuthResponse(new OAuthError('request.wrong_method')).headers).toEqual({ Allow: 'POST' });
  });

  test('X-29 a step-up says what is wanted', () => {
    const stepUp = { acrValues: ['phr', 'phrh'], maxAgeSeconds: 300 };
    expect(toOAuthResponse(new OAuthError('policy.step_up_acr', null, { stepUp })).body).toMatchObject({
      acr_values: 'phr phrh',
      max_age: 300,
    });
  });

  test('a nonce and a reason id travel in headers', () => {
    const thrown = new OAuthError('device.nonce_required', null, { dpopNonce: 'n' }).withReasonId('r');
    expect(toOAuthResponse(thrown).headers).toEqual({ 'DPoP-Nonce': 'n', [REASON_ID_HEADER]: 'r' });
  });
});

describe('OAuthError', () => {
  test('is an Error whose message is its reason, with nothing of its detail', () => {
    const cause = new Error(SECRET);
    const error = new OAuthError('client.unknown', SECRET, { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'OAuthError', message: 'client.unknown', cause, reasonId: null });
    expect(String(error)).not.toContain('secret');
  });

  test('Unavailable keeps its cause for the process log', () => {
    const cause = new Error('connect ECONNREFUSED');
    expect(new Unavailable('the ledger', cause)).toMatchObject({
      name: 'Unavailable',
      reason: 'broker.unavailable',
      cause,
    });
    expect('cause' in new Unavailable('the ledger')).toBe(false);
  });
});
