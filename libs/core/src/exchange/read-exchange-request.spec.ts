import { credentialsOf } from '#testing';
import { OAuthError } from '../errors/oauth-error.ts';
import { readForm } from '../form/form.ts';
import { JWT_BEARER_ASSERTION } from '../caller/caller-credentials.ts';
import {
  ACCESS_TOKEN,
  ID_TOKEN,
  JWT_TOKEN,
  readExchangeRequest,
  TOKEN_EXCHANGE,
} from './read-exchange-request.ts';

const DETAILS = JSON.stringify([
  {
    type: 'http_operation',
    locations: ['https://api.example/'],
    actions: ['GET'],
    target_uri: 'https://api.example/a',
  },
]);

const GOOD: Record<string, string> = {
  grant_type: TOKEN_EXCHANGE,
  client_assertion_type: JWT_BEARER_ASSERTION,
  client_assertion: 'a.b.c',
  subject_token: 'd.e.f',
  subject_token_type: ID_TOKEN,
  requested_token_type: ACCESS_TOKEN,
  resource: 'https://api.example/',
  authorization_details: DETAILS,
  request_context: '{"reason":"x"}',
};

function read(changes: Record<string, string | undefined>, rawHeaders: readonly string[] = []) {
  const entries = Object.entries({ ...GOOD, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const body = Buffer.from(new URLSearchParams(entries).toString());
  return readExchangeRequest(readForm('application/x-www-form-urlencoded', body), {
    rawHeaders,
    ip: null,
    clientCertificate: null,
  });
}

function reasonFor(changes: Record<string, string | undefined>, rawHeaders: readonly string[] = []): string {
  try {
    read(changes, rawHeaders);
    return 'ok';
  } catch (thrown) {
    if (thrown instanceof OAuthError) return thrown.reason;
    throw thrown;
  }
}

describe('readExchangeRequest', () => {
  it.each<{
    name: string;
    changes: Record<string, string | undefined>;
    headers?: string[];
    expected: string;
  }>([
    { name: 'accepts a whole request', changes: {}, expected: 'ok' },
    { name: 'X-04 refuses no grant_type', changes: { grant_type: undefined }, expected: 'request.malformed' },
    {
      name: 'check 31 refuses another grant',
      changes: { grant_type: 'client_credentials' },
      expected: 'grant.unsupported',
    },
    {
      name: 'C-07 refuses an assertion without its type',
      changes: { client_assertion_type: undefined },
      expected: 'request.malformed',
    },
    {
      name: 'C-07 refuses another type of assertion',
      changes: { client_assertion_type: 'saml' },
      expected: 'request.malformed',
    },
    {
      name: 'check 26 refuses a secret beside an assertion',
      changes: { client_secret: 's' },
      expected: 'client.several_methods',
    },
    {
      name: 'check 26 refuses Authorization beside an assertion',
      changes: {},
      headers: ['Authorization', 'Basic x'],
      expected: 'client.several_methods',
    },
    { name: 'refuses no subject token', changes: { subject_token: '' }, expected: 'request.malformed' },
    {
      name: 'check 32 refuses no subject token type',
      changes: { subject_token_type: undefined },
      expected: 'request.malformed',
    },
    {
      name: 'X-02 refuses another subject token type',
      changes: { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
      expected: 'grant.unsupported_token_type',
    },
    {
      name: 'check 39 refuses a refresh token as subject',
      changes: { subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      expected: 'grant.unsupported_token_type',
    },
    {
      name: 'check 33 refuses an actor type without an actor',
      changes: { actor_token_type: ID_TOKEN },
      expected: 'request.malformed',
    },
    {
      name: 'X-13 never passes over an actor',
      changes: { actor_token: 'x', actor_token_type: ACCESS_TOKEN },
      expected: 'grant.unsupported_token_type',
    },
    {
      name: 'takes an ID token for the actor',
      changes: { actor_token: 'x', actor_token_type: ID_TOKEN },
      expected: 'ok',
    },
    {
      name: 'takes a JWT for the actor',
      changes: { actor_token: 'x', actor_token_type: JWT_TOKEN },
      expected: 'ok',
    },
    { name: 'check 13 takes an empty actor_token as absent', changes: { actor_token: '' }, expected: 'ok' },
    {
      name: 'X-03 refuses to issue another kind of token',
      changes: { requested_token_type: ID_TOKEN },
      expected: 'grant.unsupported_token_type',
    },
    {
      name: 'X-08 refuses scopes',
      changes: { scope: 'https://www.googleapis.com/auth/cloud-platform' },
      expected: 'grant.scope_not_accepted',
    },
    {
      name: 'X-06 refuses an audience that is not the resource',
      changes: { audience: 'orders' },
      expected: 'resource.several',
    },
    {
      name: 'takes an audience that is the resource',
      changes: { audience: 'https://api.example/' },
      expected: 'ok',
    },
    {
      name: 'takes an audience for the resource',
      changes: { resource: undefined, audience: 'https://api.example/' },
      expected: 'ok',
    },
    {
      name: 'X-25 refuses details that are not JSON',
      changes: { authorization_details: '{' },
      expected: 'operation.malformed',
    },
    {
      name: 'check 53 refuses two operations',
      changes: { authorization_details: `[${DETAILS.slice(1, -1)},${DETAILS.slice(1, -1)}]` },
      expected: 'operation.malformed',
    },
    {
      name: 'refuses a context that is no object',
      changes: { request_context: '[]' },
      expected: 'context.malformed',
    },
    {
      name: 'refuses a context with a repeated member',
      changes: { request_context: '{"a":1,"a":2}' },
      expected: 'context.malformed',
    },
    {
      name: 'refuses a context that is too deep',
      changes: { request_context: '{"a":{"b":{"c":{"d":{}}}}}' },
      expected: 'context.malformed',
    },
    {
      name: 'refuses a context that is too long',
      changes: { request_context: `{"a":"${'x'.repeat(5000)}"}` },
      expected: 'context.malformed',
    },
    {
      name: 'check 14 ignores parameters it does not know',
      changes: { completion_mode: 'deferred' },
      expected: 'ok',
    },
  ])('$name', ({ changes, headers, expected }) => {
    expect(reasonFor(changes, headers)).toBe(expected);
  });

  it('DP-01 sees each DPoP header as it came', () => {
    expect(read({}, ['DPoP', 'one', 'Host', 'x', 'dpop', 'two']).dpopProofs).toEqual(['one', 'two']);
  });

  it('C-02 forgets a secret as soon as it has been noticed', () => {
    const request = read({
      client_assertion: undefined,
      client_assertion_type: undefined,
      client_secret: 'canary',
    });
    expect(request.credentials).toEqual(credentialsOf(null, { sentSecret: true }));
    expect(JSON.stringify(request)).not.toContain('canary');
  });
});
