import { signedAnswerClaims, wantsSignedAnswer } from './signed-answer.ts';

const JWT = 'application/token-introspection+jwt';

it.each<[string, readonly string[], boolean]>([
  ['its name', [JWT], true],
  ['its name in other letters', ['Application/Token-Introspection+JWT'], true],
  ['its name among others', [`application/json;q=0.5, ${JWT};q=0.9`], true],
  ['its name in a second field', ['application/json', JWT], true],
  ['a refusal of it', [`${JWT};q=0`], false],
  ['a refusal of it in another spelling', [`application/json, ${JWT} ; q=0.000`], false],
  ['everything', ['*/*'], false],
  ['all of its family', ['application/*'], false],
  ['JSON', ['application/json'], false],
  ['nothing', [], false],
  ['something that begins like it', [`${JWT}s`], false],
  ['more than anybody lists', [`${'a/b,'.repeat(400)}${JWT}`], false],
])('I-17: %s', (_, accept, isWanted) => {
  expect(wantsSignedAnswer(accept)).toBe(isWanted);
});

it('check 90: the claims name issuer, audience and time, and cannot be taken for those of an access token', () => {
  const names = { issuer: 'https://broker.example', audience: 'orders-api', now: 1_800_000_000_999 };
  expect(signedAnswerClaims({ active: false }, names)).toEqual({
    iss: 'https://broker.example',
    aud: 'orders-api',
    iat: 1_800_000_000,
    token_introspection: { active: false },
  });
});
