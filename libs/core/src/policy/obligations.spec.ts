import fc from 'fast-check';
import { OBLIGATION_NAMES, readObligations, strictest, type Obligations } from './obligations.ts';

describe('readObligations', () => {
  test.each<[Record<string, string>, Obligations]>([
    [{}, {}],
    [{ ttl: '1' }, { ttlSeconds: 1 }],
    [{ ttl: '300' }, { ttlSeconds: 300 }],
    [{ uses: '1' }, { uses: 1 }],
    [{ uses: '16' }, { uses: 16 }],
    [{ digest: 'required' }, { digestRequired: true }],
    [{ acr: 'phr' }, { acrValues: ['phr'] }],
    [{ acr: 'phr urn:mace:silver' }, { acrValues: ['phr', 'urn:mace:silver'] }],
    [{ max_auth_age: '31536000' }, { maxAuthAgeSeconds: 31_536_000 }],
    [{ proof: 'dpop' }, { proofRequired: true }],
    [{ id: 'x', name: 'x', description: 'any text: @ttl("9")', owner: '' }, {}],
    [
      { ttl: '10', digest: 'required', id: 'a' },
      { ttlSeconds: 10, digestRequired: true },
    ],
  ])('reads %j', (annotations, obligations) => {
    expect(readObligations(annotations)).toEqual({ obligations });
  });

  test.each<[string, string, string]>([
    ['a misspelt name', 'tttl', '10'],
    ['a name in capitals', 'TTL', '10'],
    ['J-34 a name that every object has', 'constructor', '10'],
    ['J-34 another', 'toString', ''],
    ['X-26 no life at all', 'ttl', '0'],
    ['X-26 a negative life', 'ttl', '-1'],
    ['X-26 a life that is too long', 'ttl', '301'],
    ['X-26 a fraction', 'ttl', '1.5'],
    ['X-26 an exponent', 'ttl', '1e2'],
    ['X-26 hex', 'ttl', '0x10'],
    ['a leading zero', 'ttl', '010'],
    ['a sign', 'ttl', '+10'],
    ['a blank', 'ttl', ' 10'],
    ['a newline', 'ttl', '10\n'],
    ['other digits', 'ttl', '\u0661\u0660'],
    ['a number beyond all numbers', 'ttl', '9'.repeat(400)],
    ['an annotation without value', 'ttl', ''],
    ['no use', 'uses', '0'],
    ['more uses than a burst has', 'uses', '17'],
    ['a digest that is optional', 'digest', 'optional'],
    ['a digest without value', 'digest', ''],
    ['an empty acr', 'acr', ''],
    ['two blanks between acrs', 'acr', 'a  b'],
    ['a blank at the end of acrs', 'acr', 'a '],
    ['an acr outside ASCII', 'acr', '\u00e4'],
    ['an authentication of this instant', 'max_auth_age', '0'],
    ['an authentication older than a year', 'max_auth_age', '31536001'],
    ['another proof', 'proof', 'mtls'],
    ['no proof', 'proof', 'none'],
    ['an approver without a type', 'approval', 'leads'],
    ['an approver of another type', 'approval', 'User::"ada"'],
    ['two approvers in one', 'approval', 'Group::"a", Group::"b"'],
    ['an approver without a name', 'approval', 'Group::""'],
    ['an escape in the name of an approver', 'approval', 'Group::"a\\"b"'],
    ['a line break in the name of an approver', 'approval', 'Group::"a\nb"'],
    ['a name of an approver that is too long', 'approval', `Group::"${'a'.repeat(256)}"`],
    ['a blank after an approver', 'approval', 'Group::"leads" '],
  ])('refuses %s', (_, name, value) => {
    expect(readObligations({ id: 'p', [name]: value })).toEqual({ refused: `@${name}("${value}")` });
  });

  test('J-34 refuses __proto__', () => {
    const annotations = JSON.parse('{"__proto__":"1"}') as Record<string, string>;
    expect(readObligations(annotations)).toHaveProperty('refused');
  });

  test('refuses the whole policy for one bad annotation among good ones', () => {
    expect(readObligations({ ttl: '10', digset: 'required' })).toEqual({ refused: '@digset("required")' });
  });

  test('names every obligation', () => {
    expect(OBLIGATION_NAMES).toEqual([
      'ttl',
      'uses',
      'digest',
      'acr',
      'max_auth_age',
      'target',
      'proof',
      'approval',
    ]);
  });
});

describe('strictest', () => {
  test.each<[string, Obligations[], Obligations]>([
    ['nothing of nothing', [], {}],
    ['nothing of permits that demand nothing', [{}, {}], {}],
    ['what one demands, whatever the others leave out', [{}, { ttlSeconds: 10 }, {}], { ttlSeconds: 10 }],
    [
      'everybody who has to approve',
      [{ approvers: ['leads'] }, {}, { approvers: ['finance'] }, { approvers: ['leads'] }],
      { approvers: ['finance', 'leads'] },
    ],
    ['the shortest life', [{ ttlSeconds: 60 }, { ttlSeconds: 5 }], { ttlSeconds: 5 }],
    [
      'the most recent sign-in',
      [{ maxAuthAgeSeconds: 60 }, { maxAuthAgeSeconds: 300 }],
      { maxAuthAgeSeconds: 60 },
    ],
    [
      'a digest and a proof if anybody wants them',
      [{ digestRequired: true }, { proofRequired: true }],
      { digestRequired: true, proofRequired: true },
    ],
    [
      'the contexts that all accept',
      [{ acrValues: ['a', 'b'] }, {}, { acrValues: ['c', 'b'] }],
      { acrValues: ['b'] },
    ],
    ['no context where none satisfies all', [{ acrValues: ['a'] }, { acrValues: ['b'] }], { acrValues: [] }],
    [
      'no context still, whoever comes after',
      [{ acrValues: ['a'] }, { acrValues: ['b'] }, { acrValues: ['a'] }, {}],
      { acrValues: [] },
    ],
  ])('is %s', (_, all, expected) => {
    expect(strictest(all)).toEqual(expected);
  });

  const acr = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 });
  const yes = fc.constant(true as const);
  const obligations: fc.Arbitrary<Obligations> = fc.record(
    {
      ttlSeconds: fc.integer({ min: 1, max: 300 }),
      uses: fc.integer({ min: 1, max: 16 }),
      maxAuthAgeSeconds: fc.integer({ min: 1, max: 99 }),
      digestRequired: yes,
      proofRequired: yes,
      acrValues: acr,
      approvers: acr.map((groups) => groups.toSorted()),
    },
    { requiredKeys: [] },
  );
  const sorted = (one: Obligations): object => ({
    ...one,
    ...(one.acrValues && { acrValues: [...one.acrValues].sort() }),
  });

  test('property: neither order, grouping nor repetition matters', () => {
    fc.assert(
      fc.property(fc.array(obligations, { maxLength: 5 }), fc.nat(5), (all, cut) => {
        const whole = sorted(strictest(all));
        expect(sorted(strictest([...all].reverse()))).toEqual(whole);
        expect(sorted(strictest([strictest(all.slice(0, cut)), strictest(all.slice(cut))]))).toEqual(whole);
        expect(sorted(strictest([...all, ...all]))).toEqual(whole);
      }),
    );
  });

  test('property: another permit never makes it milder', () => {
    fc.assert(
      fc.property(fc.array(obligations, { maxLength: 4 }), obligations, (all, another) => {
        const before = strictest(all);
        const after = strictest([...all, another]);
        expect(after.ttlSeconds ?? Infinity).toBeLessThanOrEqual(before.ttlSeconds ?? Infinity);
        expect(after.maxAuthAgeSeconds ?? Infinity).toBeLessThanOrEqual(before.maxAuthAgeSeconds ?? Infinity);
        if (before.digestRequired) expect(after.digestRequired).toBe(true);
        if (before.proofRequired) expect(after.proofRequired).toBe(true);
        if (before.acrValues)
          expect(before.acrValues).toEqual(expect.arrayContaining([...(after.acrValues ?? ['none'])]));
      }),
    );
  });
});
