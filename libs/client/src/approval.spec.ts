import { generateKeyPairSync } from 'node:crypto';
import { answers, closeAll, grants, standInBroker } from '../test/stand-ins.ts';
import type { OncekeyClientOptions } from './client-options.ts';
import { createOncekeyClient } from './oncekey-client.ts';
import type { PrivateJwk } from './signing-key.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const clientKey = { ...privateKey.export({ format: 'jwk' }), kid: 'c1' } as PrivateJwk;

function clientOf(issuer: string, options: Partial<OncekeyClientOptions> = {}) {
  const subjectToken = () => 'id.token.ada';
  return createOncekeyClient({ issuer, clientId: 'desk', clientKey, subjectToken, ...options });
}

const request = () => new Request('https://api.example/orders', { method: 'POST', body: 'x' });

afterEach(closeAll);

describe('an operation that somebody has to approve', () => {
  const deferred = answers(400, {
    error: 'authorization_pending',
    deferral_code: 'oncedefer_0123456789abcdef',
    expires_in: 600,
    interval: 1,
    binding_code: 'WDJB-MJHT',
  });

  it('is asked for once, waits, and goes on with the token', async () => {
    const { issuer, exchanges } = await standInBroker([deferred, grants]);
    const onApproval = jest.fn();
    const subjectToken = jest.fn(() => 'id.token.ada');
    const token = await clientOf(issuer, { onApproval, subjectToken }).exchange(request());
    expect(token.accessToken).toBe('once_abc.def');
    expect(onApproval.mock.calls).toEqual([
      [
        expect.objectContaining({
          code: 'WDJB-MJHT',
          operation: expect.objectContaining({ method: 'POST' }),
        }),
      ],
    ]);
    expect(exchanges.map(({ form }) => [form.get('completion_mode'), form.get('deferral_code')])).toEqual([
      ['deferred', null],
      [null, 'oncedefer_0123456789abcdef'],
    ]);
    expect(exchanges[1]?.form.has('subject_token')).toBe(false);
    expect(new Set(exchanges.map(({ form }) => form.get('client_assertion'))).size).toBe(2);
    expect(subjectToken).toHaveBeenCalledTimes(1);
  });

  it('is refused at once where nobody waits', async () => {
    const { issuer, exchanges } = await standInBroker([
      answers(400, { error: 'invalid_authorization_details' }),
    ]);
    await expect(clientOf(issuer).exchange(request())).rejects.toMatchObject({
      code: 'invalid_authorization_details',
    });
    expect(exchanges.map(({ form }) => form.has('completion_mode'))).toEqual([false]);
  });

  it('is not waited for any longer when its request is aborted', async () => {
    const { issuer, exchanges } = await standInBroker([deferred]);
    const controller = new AbortController();
    const onApproval = (): void => controller.abort(new Error('enough'));
    const { signal } = controller;
    const failure = clientOf(issuer, { onApproval }).fetch('https://api.example/orders', { signal });
    await expect(failure).rejects.toThrow('enough');
    expect(exchanges).toHaveLength(1);
  });
});
