import { stepUpIn } from './step-up-challenge.ts';

const ERROR = 'error="insufficient_user_authentication"';

it.each<{ name: string; challenge?: string; status?: number; expected: object | null }>([
  {
    name: 'reads what is wanting',
    challenge: `DPoP ${ERROR}, acr_values="phr phrh", max_age="300", algs="ES256"`,
    expected: { acrValues: ['phr', 'phrh'], maxAgeSeconds: 300 },
  },
  {
    name: 'reads an age without quotes, and another scheme',
    challenge: `Bearer max_age=5, ${ERROR}`,
    expected: { acrValues: [], maxAgeSeconds: 5 },
  },
  {
    name: 'reads the second of two challenges',
    challenge: `Basic realm="x", DPoP ${ERROR}`,
    expected: { acrValues: [], maxAgeSeconds: null },
  },
  {
    name: 'passes over an age that is none',
    challenge: `DPoP ${ERROR}, max_age="-1"`,
    expected: { acrValues: [], maxAgeSeconds: null },
  },
  { name: 'is null for another error', challenge: 'DPoP error="invalid_token"', expected: null },
  { name: 'is null for another status', challenge: `DPoP ${ERROR}`, status: 403, expected: null },
  { name: 'is null for another scheme', challenge: `Basic ${ERROR}`, expected: null },
  { name: 'is null without a challenge', expected: null },
])('stepUpIn $name', ({ challenge, status = 401, expected }) => {
  const headers = new Headers(challenge === undefined ? {} : { 'www-authenticate': challenge });
  expect(stepUpIn({ status, headers })).toEqual(expected);
});
