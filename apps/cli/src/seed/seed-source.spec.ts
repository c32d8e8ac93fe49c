import { formatProblem, SeedSource } from './seed-source.ts';

describe('SeedSource', () => {
  const source = new SeedSource('f.yaml', '- id: a\n  jwks:\n    keys: []\n- id: b\n');

  it('finds the line of what a pointer names', () => {
    expect(source.problem('#/0/jwks/keys', 'no')).toEqual({
      file: 'f.yaml',
      pointer: '#/0/jwks/keys',
      line: 3,
      column: 11,
      message: 'no',
    });
  });

  it('finds the line above what is missing', () => {
    expect(source.problem('#/1/issuer', 'no')).toMatchObject({ line: 4, column: 3 });
  });

  it.each<{ name: string; text: string; problem: object }>([
    {
      name: 'a member that is there twice',
      text: 'a: 1\na: 2\n',
      problem: { line: 2, column: 1, pointer: null },
    },
    { name: 'text that is no YAML', text: 'a: [1\n', problem: { line: 2, pointer: null } },
    { name: 'an alias to nothing', text: 'a: *b\n', problem: { message: expect.stringContaining('alias') } },
    { name: 'two documents in one file', text: 'a: 1\n---\nb: 2\n', problem: { line: 2 } },
  ])('refuses $name', ({ text, problem }) => {
    const [found] = new SeedSource('f.yaml', text).problems;
    expect(found).toMatchObject({ file: 'f.yaml', ...problem });
  });

  it('refuses a file that grows when it is read', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
      .concat('bcdef'.split('').map((name, at) => `${name}: &${name} [${`*${'abcdef'[at]}, `.repeat(9)}x]`))
      .join('\n');
    expect(new SeedSource('f.yaml', bomb).problems).toHaveLength(1);
  });
});

describe('formatProblem', () => {
  it.each([
    [{ file: 'f', pointer: '#/0', line: 3, column: 7, message: 'no' }, 'f:3:7 #/0 no'],
    [{ file: 'f', pointer: null, line: 3, column: null, message: 'no' }, 'f:3 no'],
    [{ file: 'f', pointer: null, line: null, column: null, message: 'no' }, 'f no'],
  ])('%j', (problem, expected) => {
    expect(formatProblem(problem)).toBe(expected);
  });
});
