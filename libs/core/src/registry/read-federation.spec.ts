import { readClient } from './read-registrations.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const good = { issuer: 'https://cluster.example', claims: { sub: 'system:serviceaccount:pay:robot' } };
const client = { client_id: 'builder', identity_providers: [], resource_servers: [] };
const key = { kty: 'EC', crv: 'P-256', x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs' };
const jwks = { keys: [{ ...key, y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA' }] };

function read(federation: unknown, changes: object = {}) {
  return readClient({ ...client, federation, ...changes }, { allowHttpLoopback: false });
}

function pointers(federation: unknown, changes: object = {}): readonly string[] {
  const result = read(federation, changes);
  return 'problems' in result ? result.problems.map(({ pointer }) => pointer) : [];
}

it('reads a federation, with its defaults', () => {
  expect(
    read({ ...good, claims: { ...good.claims, '/kubernetes.io/namespace': ['pay', 'test'] } }),
  ).toMatchObject({
    registration: {
      authentication: {
        method: 'federation',
        issuer: 'https://cluster.example',
        audience: null,
        rules: [
          { path: ['sub'], values: ['system:serviceaccount:pay:robot'] },
          { path: ['kubernetes.io', 'namespace'], values: ['pay', 'test'] },
        ],
        keys: { id: 'https://cluster.example', issuer: 'https://cluster.example' },
        algorithms: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
        maxAssertionSeconds: 3600,
      },
    },
  });
});

it.each<[string, Record<string, unknown>, readonly string[]]>([
  ['no claims', { claims: undefined }, ['#/federation/claims']],
  ['an empty rule set', { claims: {} }, ['#/federation/claims']],
  [
    '17 rules',
    { claims: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`c${at}`, 'x'])) },
    ['#/federation/claims'],
  ],
  ['C-20 a wildcard', { claims: { sub: 'repo:org/*' } }, ['#/federation/claims/sub']],
  ['C-20 a wildcard in the middle', { claims: { sub: 'repo:*:ref' } }, ['#/federation/claims/sub']],
  [
    'C-20 wildcards only',
    { claims: { sub: '*', ref: '*' } },
    ['#/federation/claims/sub', '#/federation/claims/ref'],
  ],
  ['a wildcard among values', { claims: { sub: ['a', 'b*'] } }, ['#/federation/claims/sub']],
  ['no values', { claims: { sub: [] } }, ['#/federation/claims/sub']],
  ['a number', { claims: { repository_id: 7 } }, ['#/federation/claims/repository_id']],
  ['an empty value', { claims: { sub: '' } }, ['#/federation/claims/sub']],
  ['a rule about the audience alone', { claims: { aud: 'x' } }, ['#/federation/claims/aud']],
  ['a claim without name', { claims: { '': 'x' } }, ['#/federation/claims/']],
  ['a pointer to nothing', { claims: { '/': 'x' } }, ['#/federation/claims/~1']],
  ['a pointer with a broken escape', { claims: { '/a~2': 'x' } }, ['#/federation/claims/~1a~02']],
  ['plain http', { issuer: 'http://cluster.example' }, ['#/federation/issuer']],
  ['an issuer with a query', { issuer: 'https://cluster.example?x' }, ['#/federation/issuer']],
  ['an unknown member', { subject: 'x' }, ['#/federation/subject']],
  ['C-17 a private key', { jwks: { keys: [{ ...jwks.keys[0], d: 'AA' }] } }, ['#/federation/jwks/keys/0']],
  ['C-17 a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'AA' }] } }, ['#/federation/jwks/keys/0']],
])('refuses %s', (_, changes, expected) => {
  expect(pointers({ ...good, ...changes })).toEqual(expected);
  expect(pointers(good)).toEqual([]);
});

it.each<[string, string, Record<string, string>, boolean]>([
  ['a branch of any repository', GITHUB, { ref: 'refs/heads/main' }, false],
  ['a name that can be registered again', GITHUB, { sub: 'repo:acme/shop:ref:refs/heads/main' }, false],
  ['a name of an owner', `${GITHUB}/acme`, { repository: 'acme/shop' }, false],
  ['the number inside something else', GITHUB, { '/repository_id/x': '7' }, false],
  ['a repository by its number', GITHUB, { repository_id: '1296269' }, true],
  [
    'an owner by its number',
    GITHUB,
    { repository_owner_id: '9919', job_workflow_ref: 'a/b/c.yml@main' },
    true,
  ],
  ['a branch of any project', 'https://gitlab.com', { ref: 'main' }, false],
  ['a project by its number', 'https://gitlab.com', { project_id: '20' }, true],
])('C-20 of an issuer that serves everybody: %s', (_, issuer, claims, isFine) => {
  expect(pointers({ issuer, claims })).toEqual(isFine ? [] : ['#/federation/claims']);
});

it.each<[string, object, readonly string[]]>([
  ['keys of its own beside it', { jwks }, ['#/federation']],
  ['legacy_audience', { legacy_audience: true }, ['#/legacy_audience']],
  ['tokens for more than a day', { max_assertion_seconds: 86_401 }, ['#/max_assertion_seconds']],
  ['null', { federation: null }, ['#/federation', '#/federation/issuer', '#/federation/claims']],
])('a federated client may not have %s', (_, changes, expected) => {
  expect(pointers(good, changes)).toEqual(expected);
  expect(pointers(good, { max_assertion_seconds: 86_400, algorithms: ['RS256'] })).toEqual([]);
});
