import { splitPolicies } from './split-policies.ts';

const ANY = '(principal, action, resource)';

function idsOf(text: string, fileName = 'policies/orders.cedar'): readonly (readonly [string, number])[] {
  const split = splitPolicies(text, fileName);
  if ('problems' in split) return split.problems.map(({ line }) => ['problem', line] as const);
  return split.policies.map(({ id, line }) => [id, line] as const);
}

describe('splitPolicies', () => {
  it.each<{ name: string; text: string; ids: [string, number][] }>([
    { name: 'calls the only policy like its file', text: `permit${ANY};`, ids: [['orders', 1]] },
    { name: 'prefers what @id says', text: `\n@id("a-1")\npermit${ANY};`, ids: [['a-1', 2]] },
    {
      name: 'splits several',
      text: `@id("a") permit${ANY};\n\n// about b\n@ttl("5") @id("b")\nforbid${ANY};\n// the end\n`,
      ids: [
        ['a', 1],
        ['b', 3],
      ],
    },
    {
      name: 'is not misled by strings and comments',
      text: `// ; @id("x")\n@id("a") @description("; @id(\\"y\\") //") permit${ANY} when { context.client.id == ";" };@id("b") permit${ANY};`,
      ids: [
        ['a', 1],
        ['b', 2],
      ],
    },
    {
      name: 'wants a name on each of several',
      text: `@id("a") permit${ANY};\npermit${ANY};\npermit${ANY};`,
      ids: [
        ['problem', 2],
        ['problem', 3],
      ],
    },
    {
      name: 'keeps what is not finished, so that it is refused',
      text: `@id("a") permit${ANY};\n@id("b") permit`,
      ids: [
        ['a', 1],
        ['b', 2],
      ],
    },
    { name: 'finds nothing in comments', text: '// nothing here\n', ids: [] },
  ])('$name', ({ text, ids }) => {
    expect(idsOf(text)).toEqual(ids);
  });

  it('cuts no more than blanks away, and knows names of other systems', () => {
    expect(splitPolicies(`  // why\n permit${ANY};`, 'C:\\p\\read.cedar')).toEqual({
      policies: [{ id: 'read', cedar: `// why\n permit${ANY};\n`, file: 'C:\\p\\read.cedar', line: 1 }],
    });
  });
});
