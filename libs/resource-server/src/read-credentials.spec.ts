import { readCredentials } from './read-credentials.ts';

const PROOF = 'aGVhZGVy.cGF5bG9hZA.c2ln';
const TOKEN = 'once_eyJhbGciOiJkaXIifQ..a.b.c';
const GOOD = ['Authorization', `DPoP ${TOKEN}`, 'DPoP', PROOF];

type Case = { name: string; headers: string[]; query?: string; acceptBearer?: boolean; expect: string };

describe('readCredentials', () => {
  it.each<Case>([
    { name: 'reads a token and its proof', headers: GOOD, expect: 'DPoP' },
    {
      name: 'DP-24 reads the scheme in any case',
      headers: ['AUTHORIZATION', `dPoP ${TOKEN}`, 'dpop', PROOF],
      expect: 'DPoP',
    },
    { name: 'asks for credentials when there are none', headers: [], expect: 'no_credentials' },
    {
      name: 'asks for credentials when there is only a proof',
      headers: ['DPoP', PROOF],
      expect: 'no_credentials',
    },
    {
      name: 'asks for credentials of its own schemes',
      headers: ['Authorization', 'Basic eDp5'],
      expect: 'no_credentials',
    },
    {
      name: 'does not take another scheme for its own',
      headers: ['Authorization', 'DPoPx abc'],
      expect: 'no_credentials',
    },
    {
      name: 'refuses a scheme without a token',
      headers: ['Authorization', 'DPoP', 'DPoP', PROOF],
      expect: 'malformed_credentials',
    },
    {
      name: 'refuses two schemes in one header',
      headers: ['Authorization', 'DPoP a, Bearer b', 'DPoP', PROOF],
      expect: 'malformed_credentials',
    },
    {
      name: 'refuses two Authorization headers',
      headers: [...GOOD, 'authorization', 'Bearer b'],
      expect: 'several_credentials',
    },
    {
      name: 'refuses the same Authorization header twice',
      headers: [...GOOD, ...GOOD.slice(0, 2)],
      expect: 'several_credentials',
    },
    {
      name: 'DP-01 refuses two DPoP headers',
      headers: [...GOOD, 'dpop', PROOF],
      expect: 'several_credentials',
    },
    {
      name: 'DP-01 refuses two proofs in one header',
      headers: ['Authorization', `DPoP ${TOKEN}`, 'DPoP', `${PROOF}, ${PROOF}`],
      expect: 'proof_malformed',
    },
    {
      name: 'DP-02 refuses an empty proof',
      headers: ['Authorization', `DPoP ${TOKEN}`, 'DPoP', ''],
      expect: 'proof_malformed',
    },
    {
      name: 'refuses a bound token without a proof',
      headers: ['Authorization', `DPoP ${TOKEN}`],
      expect: 'proof_missing',
    },
    {
      name: 'DP-21 refuses a bearer token where none are taken',
      headers: ['Authorization', `Bearer ${TOKEN}`],
      expect: 'bearer_refused',
    },
    {
      name: 'DP-21 refuses a bearer token with a proof',
      headers: ['Authorization', `Bearer ${TOKEN}`, 'DPoP', PROOF],
      acceptBearer: true,
      expect: 'several_credentials',
    },
    {
      name: 'reads a bearer token where they are taken',
      headers: ['Authorization', `Bearer ${TOKEN}`],
      acceptBearer: true,
      expect: 'Bearer',
    },
    {
      name: 'refuses access_token in the query',
      headers: GOOD,
      query: '?a=1&access_token=x',
      expect: 'token_in_query',
    },
    {
      name: 'refuses access_token in another spelling',
      headers: GOOD,
      query: '?%61ccess_Token',
      expect: 'token_in_query',
    },
    {
      name: 'refuses a token under any name in the query',
      headers: [],
      query: `?t=${TOKEN}`,
      expect: 'token_in_query',
    },
    { name: 'takes an honest query', headers: GOOD, query: '?token=once_upon', expect: 'DPoP' },
  ])('$name', ({ headers, query = '', acceptBearer = false, expect: expected }) => {
    const read = readCredentials(headers, query, { acceptBearer });
    expect(typeof read === 'string' ? read : read.scheme).toBe(expected);
    if (typeof read !== 'string') expect(read.token).toBe(TOKEN);
  });
});
