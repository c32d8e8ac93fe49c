import type { PolicyTest } from './policy-test.ts';
import { readHypotheticalRequest, readPolicyTest } from './read-policy-test.ts';

const least: PolicyTest = {
  id: 'refund-works',
  name: 'Support may refund – 5 € too.',
  principal: { issuer: 'https://idp.example', subject: 'ada', groups: [] },
  operation: 'orders.list',
  time: '2026-01-31T09:30:00Z',
  expect: { decision: 'deny' },
};
const most: PolicyTest = {
  ...least,
  principal: { ...least.principal, groups: ['support', 'corp:leads'], email: 'ada@corp.example' },
  operation: 'orders.refund',
  parameters: { id: '42%2F1' },
  query: 'dry_run=1',
  client: 'desk',
  device_key: 'thumbprint',
  has_digest: true,
  content_type: 'application/json; charset=utf-8',
  ip: '2001:db8::7',
  acr: 'phr',
  amr: ['hwk', 'pin'],
  auth_time: '2026-01-31T09:29:00Z',
  claimed: { reason: 'broken', amount: -5, urgent: true },
  expect: {
    decision: 'permit',
    policies: ['support-refunds'],
    obligations: {
      ttl: 15,
      uses: 1,
      digest: 'required',
      acr: 'phr phrh',
      max_auth_age: 300,
      proof: 'dpop',
    },
  },
};

const pointersOf = (value: unknown): readonly string[] => {
  const read = readPolicyTest(value);
  return 'problems' in read ? read.problems.map(({ pointer }) => pointer) : [];
};

describe('readPolicyTest', () => {
  it.each([
    ['the least that a test says', least],
    ['the most that a test says', most],
    ['that there is no proof of a key', { ...least, device_key: null }],
  ])('reads %s', (_, test) => {
    expect(readPolicyTest(structuredClone(test))).toEqual({ test });
  });

  it.each<{ name: string; value: unknown; pointers: string[] }>([
    { name: 'nothing', value: null, pointers: ['#'] },
    { name: 'a list', value: [least], pointers: ['#'] },
    {
      name: 'an empty object, naming each member that is missing',
      value: {},
      pointers: ['#/principal', '#/operation', '#/time', '#/id', '#/name', '#/expect'],
    },
    { name: 'a misspelt member', value: { ...least, group: ['x'] }, pointers: ['#/group'] },
    {
      name: 'a member whose name needs an escape',
      value: { ...least, 'a/b~c': 1 },
      pointers: ['#/a~1b~0c'],
    },
    {
      name: 'a name that every object has',
      value: JSON.parse(JSON.stringify(least).replace('{', '{"__proto__":{},"constructor":1,')) as unknown,
      pointers: ['#/__proto__', '#/constructor'],
    },
    { name: 'null for an optional member', value: { ...least, ip: null }, pointers: ['#/ip'] },
    { name: 'an id with a slash', value: { ...least, id: 'a/b' }, pointers: ['#/id'] },
    { name: 'an id that begins with a dot', value: { ...least, id: '.a' }, pointers: ['#/id'] },
    { name: 'an id of 129 characters', value: { ...least, id: 'a'.repeat(129) }, pointers: ['#/id'] },
    { name: 'no name', value: { ...least, name: '' }, pointers: ['#/name'] },
    { name: 'a name of two lines', value: { ...least, name: 'a\nb' }, pointers: ['#/name'] },
    { name: 'a name that turns itself round', value: { ...least, name: 'a\u202eb' }, pointers: ['#/name'] },
    { name: 'a name of 201 characters', value: { ...least, name: 'a'.repeat(201) }, pointers: ['#/name'] },
    {
      name: 'a principal without groups, and with roles',
      value: { ...least, principal: { issuer: 'https://idp.example', subject: 'ada', roles: [] } },
      pointers: ['#/principal/groups', '#/principal/roles'],
    },
    {
      name: 'an issuer that is no URL, a group that is no text',
      value: { ...least, principal: { issuer: 'idp', subject: 'ada', groups: ['a', 5] } },
      pointers: ['#/principal/issuer', '#/principal/groups/1'],
    },
    {
      name: '257 groups',
      value: { ...least, principal: { ...least.principal, groups: Array(257).fill('a') as unknown } },
      pointers: ['#/principal/groups'],
    },
    {
      name: 'a slash in a parameter',
      value: { ...least, parameters: { id: 'a/b' } },
      pointers: ['#/parameters/id'],
    },
    {
      name: 'an empty parameter',
      value: { ...least, parameters: { id: '' } },
      pointers: ['#/parameters/id'],
    },
    { name: 'a list of parameters', value: { ...least, parameters: [] }, pointers: ['#/parameters'] },
    { name: 'a fragment in the query', value: { ...least, query: 'a#b' }, pointers: ['#/query'] },
    { name: 'text for yes', value: { ...least, has_digest: 'true' }, pointers: ['#/has_digest'] },
    { name: 'an address of a host', value: { ...least, ip: 'localhost' }, pointers: ['#/ip'] },
    { name: 'a blank in an acr', value: { ...least, acr: 'a b' }, pointers: ['#/acr'] },
    { name: 'a quote in a client id', value: { ...least, client: 'a"b' }, pointers: ['#/client'] },
    { name: 'a time zone', value: { ...least, time: '2026-01-31T09:30:00+01:00' }, pointers: ['#/time'] },
    { name: 'a number for a time', value: { ...least, auth_time: 5 }, pointers: ['#/auth_time'] },
    {
      name: 'P-06 claims that are not exact, not flat or too long',
      value: { ...least, claimed: { a: 1.5, b: 2 ** 53, c: null, d: {}, e: 'x'.repeat(257), F: 'x' } },
      pointers: ['#/claimed/a', '#/claimed/b', '#/claimed/c', '#/claimed/d', '#/claimed/e', '#/claimed/F'],
    },
    {
      name: 'a decision in capitals',
      value: { ...least, expect: { decision: 'Deny' } },
      pointers: ['#/expect/decision'],
    },
    {
      name: 'P-05 a misspelt decision',
      value: { ...least, expect: { efect: 'deny' } },
      pointers: ['#/expect/decision', '#/expect/efect'],
    },
    {
      name: 'obligations that no annotation can have',
      value: {
        ...least,
        expect: {
          decision: 'permit',
          policies: ['a b'],
          obligations: {
            ttl: 301,
            uses: 17,
            digest: true,
            acr: '',
            max_auth_age: 0,
            proof: 'none',
            digset: 'required',
          },
        },
      },
      pointers: [
        '#/expect/policies/0',
        ...['ttl', 'uses', 'digest', 'acr', 'max_auth_age', 'proof', 'digset'].map(
          (name) => `#/expect/obligations/${name}`,
        ),
      ],
    },
  ])('refuses $name', ({ value, pointers }) => {
    expect(pointersOf(value)).toEqual(pointers);
  });
});

describe('readHypotheticalRequest', () => {
  it('reads a request, which expects nothing', () => {
    const { expect: _, ...named } = most;
    const { id: __, name: ___, ...request } = named;
    expect(readHypotheticalRequest(request)).toEqual({ request });
    expect(readHypotheticalRequest(named)).toEqual({ request: named });
    expect(readHypotheticalRequest(most)).toMatchObject({ problems: [{ pointer: '#/expect' }] });
  });
});
