import { explain } from './explain.ts';
import { OncekeyError } from './oncekey-error.ts';

describe('explain', () => {
  it.each([
    { code: 'insufficient_user_authentication', by: 'user', isPassing: false },
    { code: 'invalid_authorization_details', by: 'user', isPassing: false },
    { code: 'invalid_client', by: 'developer', isPassing: false },
    { code: 'wrong_issuer', by: 'developer', isPassing: false },
    { code: 'unauthorized_client', by: 'operator', isPassing: false },
    { code: 'temporarily_unavailable', by: 'operator', isPassing: true },
    { code: 'unreachable', by: 'operator', isPassing: true },
  ])('says whose move it is after $code', ({ code, by, isPassing }) => {
    expect(explain(new OncekeyError(code))).toMatchObject({
      by,
      isPassing,
      means: expect.stringMatching(/^\w.*\w$/),
      remedy: expect.stringMatching(/^\w.*\w$/),
    });
  });

  it('names the reason id to ask with', () => {
    const error = new OncekeyError('invalid_target', { reasonId: 'r-1' });
    expect(explain(error).remedy).toMatch(/ \(reason id r-1\)$/);
  });

  it.each(['new_code', 'toString', '__proto__'])('tells %s as the broker tells it', (code) => {
    expect(explain(new OncekeyError(code, { description: 'not today' })).means).toBe('not today');
    expect(explain(new OncekeyError(code)).means).toBe(`the broker refused: ${code}`);
  });
});
