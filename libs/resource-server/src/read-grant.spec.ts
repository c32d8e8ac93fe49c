import { membersFor, RESOURCE } from '../test/stand-in-broker.ts';
import { readGrant } from './read-grant.ts';

const ISSUER = 'https://broker.example';
const EXPECTED = {
  issuer: ISSUER,
  resource: RESOURCE,
  method: 'POST',
  targetUri: 'https://api.example/%7ea%2fb?c',
};
const members = membersFor(
  {
    path: '/introspect',
    headers: {},
    form: new URLSearchParams({
      http_method: 'POST',
      http_target_uri: 'https://api.example/~a%2Fb?c',
      dpop_proof: 'x',
    }),
  },
  ISSUER,
);

describe('readGrant', () => {
  it('reads what was permitted, in the canonical spelling', () => {
    expect(readGrant(members, EXPECTED)).toEqual({
      issuer: ISSUER,
      subject: 'ada',
      subjectIssuer: 'https://idp.example',
      clientId: 'desk',
      actors: [],
      tokenId: 'j-1',
      transactionId: 't-1',
      method: 'POST',
      operation: 'orders.refund',
      targetUri: 'https://api.example/~a%2Fb?c',
      issuedAt: 1_800_000_000,
      expiresAt: 1_800_000_015,
      keyThumbprint: 'thumb',
      certificateThumbprint: null,
      acr: 'phr',
      amr: ['hwk'],
      authTime: 1_799_999_990,
      authorizationDetails: [{ type: 'http_operation' }],
    });
  });

  it('check 48: reads who acts, the current actor first', () => {
    const act = {
      iss: 'https://idp.example',
      sub: 'agent-7',
      act: { iss: 'https://idp.example', sub: 'desk' },
    };
    expect(readGrant({ ...members, act }, EXPECTED).actors).toEqual([
      { issuer: 'https://idp.example', subject: 'agent-7' },
      { issuer: 'https://idp.example', subject: 'desk' },
    ]);
  });

  it('does without what an identity provider did not say', () => {
    const { acr: _acr, amr: _amr, auth_time: _authTime, ...silent } = members;
    expect(readGrant(silent, EXPECTED)).toMatchObject({ acr: null, amr: [], authTime: null });
  });

  it.each<{ name: string; change: Record<string, unknown> }>([
    { name: 'an actor that is not an object', change: { act: 'agent-7' } },
    { name: 'an actor without a name', change: { act: { iss: 'https://idp.example' } } },
    { name: 'another issuer', change: { iss: 'https://broker.example/' } },
    { name: 'another audience', change: { aud: 'https://other.example/' } },
    { name: 'no audience', change: { aud: undefined } },
    { name: 'a list of audiences', change: { aud: [RESOURCE] } },
    { name: 'another method', change: { htm: 'GET' } },
    { name: 'the method in lower case', change: { htm: 'post' } },
    { name: 'no method', change: { htm: undefined } },
    { name: 'another path', change: { htu: 'https://api.example/other?c' } },
    { name: 'another query', change: { htu: 'https://api.example/~a%2Fb?d' } },
    { name: 'no query', change: { htu: 'https://api.example/~a%2Fb' } },
    { name: 'no URI', change: { htu: undefined } },
    { name: 'no subject', change: { sub: undefined } },
    { name: 'an empty subject', change: { sub: '' } },
    { name: 'a subject that is no string', change: { sub: { $ne: null } } },
    { name: 'times in text', change: { exp: '1800000015' } },
    { name: 'DP-22 a bound token without a key', change: { cnf: undefined } },
    { name: 'a key in another form', change: { cnf: { 'x5t#S256': 'x' } } },
    { name: 'a bearer token with a key', change: { token_type: 'Bearer' } },
    { name: 'no token type', change: { token_type: undefined } },
    { name: 'no details', change: { authorization_details: undefined } },
    { name: 'methods of authentication that are no strings', change: { amr: [1] } },
    { name: 'a text as time of authentication', change: { auth_time: 'now' } },
  ])('does not believe an answer with $name', ({ change }) => {
    expect(() => readGrant({ ...members, ...change }, EXPECTED)).toThrow('does not fit');
  });
});
