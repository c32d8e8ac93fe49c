import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { REDIRECT_URI } from '#quickstart';
import type { Configuration, JWK } from 'oidc-provider';
import { findToyUser } from './users.ts';

/** An hour: as long as ID tokens of common providers live. */
const ID_TOKEN_SECONDS = 3600;

/**
 * The toy provider: one public client with PKCE, everything in memory, keys made anew at each start, the package's
 * own development pages for sign-in and consent.
 */
export function providerConfiguration(clientId: string): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        client_name: 'the Oncekey quickstart',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [REDIRECT_URI],
        id_token_signed_response_alg: 'ES256',
        require_auth_time: true,
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    jwks: { keys: [newSigningKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    acrValues: ['phr', 'phrh'],
    pkce: { required: () => true },
    scopes: ['openid', 'email', 'groups'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
    // Users' claims go into the ID token itself, where the broker reads them.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true } },
    ttl: {
      IdToken: ID_TOKEN_SECONDS,
      AccessToken: ID_TOKEN_SECONDS,
      AuthorizationCode: 60,
      Interaction: 600,
      Session: 600,
      Grant: 600,
    },
    findAccount: (_context, name) => {
      const user = findToyUser(name);
      if (user === null) return undefined;
      return {
        accountId: user.name,
        claims: () => ({
          sub: user.name,
          email: user.email,
          email_verified: true,
          groups: [...user.groups],
        }),
      };
    },
  };
}

function newSigningKey(): JWK {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y, d } = privateKey.export({ format: 'jwk' });
  if (x === undefined || y === undefined || d === undefined) throw new Error('no P-256 key could be made');
  return { kty: 'EC', crv: 'P-256', x, y, d, use: 'sig', alg: 'ES256', kid: randomBytes(8).toString('hex') };
}
