import { OAuthError } from '../errors/oauth-error.ts';
import { readForm } from '../form/form.ts';
import { readTokenRequest } from '../token-request/read-token-request.ts';

const ASSERTION = {
  client_assertion: 'a.b.c',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
};

function read(changes: Record<string, string>, rawHeaders: readonly string[] = []) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...ASSERTION, ...changes }).toString();
  const form = readForm('application/x-www-form-urlencoded', Buffer.from(body));
  return readTokenRequest(form, { rawHeaders, ip: null, clientCertificate: null });
}

function reasonFor(changes: Record<string, string>, rawHeaders: readonly string[] = []): string {
  try {
    return read(changes, rawHeaders).wants;
  } catch (thrown) {
    if (thrown instanceof OAuthError) return thrown.reason;
    throw thrown;
  }
}

it('RFC 6749 §4.4.2: reads scope and resource, and nothing is needed but the grant type', () => {
  expect(read({})).toMatchObject({ wants: 'caller_token', request: { resources: [] } });
  const full = read({ scope: 'introspect', resource: 'https://broker.example' });
  expect(full.request).toMatchObject({
    resources: ['https://broker.example'],
    credentials: { assertion: 'a.b.c' },
  });
});

it.each<[string, Record<string, string>, readonly string[], string]>([
  ['another scope', { scope: 'orders.refund' }, [], 'bearer.other_scope'],
  ['a second scope', { scope: 'introspect introspect' }, [], 'bearer.other_scope'],
  ['a subject', { subject_token: 'x' }, [], 'request.malformed'],
  ['an actor', { actor_token: 'x' }, [], 'request.malformed'],
  ['an identity assertion', { assertion: 'x' }, [], 'request.malformed'],
  ['a type of token', { requested_token_type: 'x' }, [], 'request.malformed'],
  ['an operation', { authorization_details: '[]' }, [], 'operation.malformed'],
  ['a DPoP proof', {}, ['DPoP', 'a.b.c'], 'request.malformed'],
  ['a secret', { client_secret: 's' }, [], 'client.several_methods'],
  ['Bearer beside the assertion', {}, ['Authorization', 'Bearer x'], 'client.several_methods'],
  [
    'two Authorization headers',
    { client_assertion: '', client_assertion_type: '' },
    ['Authorization', 'Bearer x', 'authorization', 'Bearer x'],
    'client.several_methods',
  ],
  [
    'Bearer without a token',
    { client_assertion: '', client_assertion_type: '' },
    ['Authorization', 'Bearer'],
    'request.malformed',
  ],
  [
    'Bearer with two tokens',
    { client_assertion: '', client_assertion_type: '' },
    ['Authorization', 'Bearer x, Bearer y'],
    'request.malformed',
  ],
])('refuses %s', (_, changes, headers, reason) => {
  expect(reasonFor(changes, headers)).toBe(reason);
});
