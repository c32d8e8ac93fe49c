import { stepUpRefusal, type StepUpDemands } from './step-up.ts';

const NOW = 1_800_000_000;

describe('stepUpRefusal', () => {
  it.each<{
    name: string;
    demands: StepUpDemands;
    acr?: string | null;
    authTime?: number | null;
    challenge: string | null;
  }>([
    { name: 'asks for nothing where nothing is demanded', demands: {}, challenge: null },
    { name: 'takes one of the contexts', demands: { acrValues: ['phrh', 'phr'] }, challenge: null },
    {
      name: 'challenges another context',
      demands: { acrValues: ['phrh', 'phrx'] },
      challenge: 'acr_values="phrh phrx"',
    },
    {
      name: 'challenges no context',
      demands: { acrValues: ['phr'] },
      acr: null,
      challenge: 'acr_values="phr"',
    },
    { name: 'takes a sign-in exactly at the limit', demands: { maxAuthAgeSeconds: 10 }, challenge: null },
    { name: 'challenges an older one', demands: { maxAuthAgeSeconds: 9 }, challenge: 'max_age="9"' },
    {
      name: 'challenges one of unknown age',
      demands: { maxAuthAgeSeconds: 300 },
      authTime: null,
      challenge: 'max_age="300"',
    },
    {
      name: 'names everything at once',
      demands: { acrValues: ['phr'], maxAuthAgeSeconds: 9 },
      challenge: 'acr_values="phr", max_age="9"',
    },
  ])('check 65: $name', ({ demands, acr = 'phr', authTime = NOW - 10, challenge }) => {
    const refusal = stepUpRefusal({ acr, authTime }, demands, NOW);
    expect(refusal?.headers['www-authenticate'] ?? null).toBe(
      challenge === null
        ? null
        : `DPoP error="insufficient_user_authentication", error_description="another or a more recent sign-in is required", ${challenge}, algs="ES256 PS256 EdDSA"`,
    );
    expect(refusal?.status ?? null).toBe(challenge === null ? null : 401);
  });

  it.each<StepUpDemands>([{ acrValues: ['a"b'] }, { acrValues: [''] }, { maxAuthAgeSeconds: -1 }])(
    'takes no demands that cannot be said: %j',
    (demands) => {
      expect(() => stepUpRefusal({ acr: null, authTime: null }, demands)).toThrow(TypeError);
    },
  );
});
