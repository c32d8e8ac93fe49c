import { REFUSALS, type RefusalReason } from './refusals.ts';
import { refuse } from './refuse.ts';

const REASONS = Object.keys(REFUSALS) as RefusalReason[];

describe('refuse', () => {
  it('names no error to a request without credentials', () => {
    expect(refuse('no_credentials').headers['www-authenticate']).toBe('DPoP algs="ES256 PS256 EdDSA"');
  });

  it('says what a token was refused for, and passes on where to look up why', () => {
    expect(refuse('inactive', { reasonId: 'r-1' })).toMatchObject({
      status: 401,
      headers: {
        'www-authenticate':
          'DPoP error="invalid_token", error_description="the token does not permit this request now", algs="ES256 PS256 EdDSA"',
        'oncekey-reason-id': 'r-1',
        'cache-control': 'no-store',
      },
    });
  });

  it('says when to come again', () => {
    expect(refuse('unavailable').headers).toMatchObject({ 'retry-after': '1' });
  });

  it.each(REASONS)('%s: challenges exactly with 401, and in characters of RFC 6750', (reason) => {
    const { status, headers, body } = refuse(reason);
    expect('www-authenticate' in headers).toBe(status === 401);
    expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(headers['cache-control']).toBe('no-store');
  });
});
