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

  it('RFC 9728 points to the metadata in every challenge', () => {
    const metadataUrl = 'https://api.example/.well-known/oauth-protected-resource';
    expect(refuse('no_credentials', { metadataUrl }).headers['www-authenticate']).toBe(
      `DPoP algs="ES256 PS256 EdDSA", resource_metadata="${metadataUrl}"`,
    );
    const { headers } = refuse('other_operation', { metadataUrl, attributes: { scope: 'orders.refund' } });
    expect(headers['www-authenticate']).toMatch(
      /^DPoP error="insufficient_scope", .*scope="orders.refund", .*resource_metadata="/,
    );
  });

  it('says when to come again', () => {
    expect(refuse('unavailable').headers).toMatchObject({ 'retry-after': '1' });
  });

  it.each(REASONS)('%s: challenges exactly with 401 and 403, and in characters of RFC 6750', (reason) => {
    const { status, headers, body } = refuse(reason);
    expect('www-authenticate' in headers).toBe(status === 401 || status === 403);
    expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(headers['cache-control']).toBe('no-store');
  });
});
