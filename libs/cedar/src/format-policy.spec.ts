import { cedarTokens } from './cedar-tokens.ts';
import { parseText } from './parse-policy.ts';
import { formatPolicy, type TextProblem } from './format-policy.ts';
import { BOMBS } from './testing/bombs.ts';

function formatted(cedar: string): string {
  const answer = formatPolicy(cedar);
  if ('problems' in answer) throw new Error(JSON.stringify(answer.problems));
  return answer.cedar;
}

function problemsOf(cedar: string): readonly TextProblem[] {
  const answer = formatPolicy(cedar);
  return 'problems' in answer ? answer.problems : [];
}

const EVERYTHING = `@id("a") @ttl("15")
permit(principal in Group::"s", action in [Action::"a", Action::"b"], resource is Api)
when { context.client.id == "web" && ((if true then false else context["x"].contains(1)) || principal.email like "*@x") }
unless { [1, 2].isEmpty() };`;

describe('the formatter', () => {
  it.each<{ name: string; cedar: string; expected: string }>([
    {
      name: 'lays out a policy',
      cedar: 'permit(principal,action==Action::"orders.read",resource)when{context.client.id=="web"};',
      expected: `permit (
  principal,
  action == Action::"orders.read",
  resource
)
when { context.client.id == "web" };
`,
    },
    {
      name: 'lays out a file of two, with what stands around them',
      cedar:
        '\n\n// first\n@id("a") permit(principal,action,resource);// of a\n\n\n@id("b") forbid(principal,action,resource);\n// last',
      expected: `// first
@id("a")
permit (principal, action, resource); // of a

@id("b")
forbid (principal, action, resource);
// last
`,
    },
    {
      name: 'keeps what looks like a comment in a string',
      cedar: '@description("see // there") permit(principal,action,resource);',
      expected: '@description("see // there")\npermit (principal, action, resource);\n',
    },
    { name: 'lets comments alone be', cedar: '// nothing yet', expected: '// nothing yet\n' },
    { name: 'makes nothing of nothing', cedar: '\n', expected: '' },
  ])('$name, and changes nothing when it is asked again', ({ cedar, expected }) => {
    expect(formatted(cedar)).toBe(expected);
    expect(formatted(expected)).toBe(expected);
  });

  it('keeps a comment wherever it stands, and the meaning', () => {
    const tokens = cedarTokens(EVERYTHING);
    for (const [number, { at }] of tokens.entries()) {
      const comment = `// comment ${number}.`;
      const text = formatted(`${EVERYTHING.slice(0, at)}${comment}\n${EVERYTHING.slice(at)}`);
      expect(text).toContain(`${comment}\n`);
      expect(parseText(text)).toEqual(parseText(EVERYTHING));
    }
  });

  it.each<{ name: string; cedar: string; at: [number, number] }>([
    { name: 'half a policy', cedar: 'permit(principal, action, resource)', at: [1, 36] },
    {
      name: 'a fault in the second of two',
      cedar: 'permit(principal, action, resource); permit(principal, action, resorce);',
      at: [1, 64],
    },
    {
      name: 'a fault some lines down',
      cedar:
        '// ü\npermit(principal, action, resource);\n\n// two\npermit(principal,\n  action, resource) wen { true };',
      at: [6, 21],
    },
    { name: 'a template', cedar: 'permit(principal == ?principal, action, resource);', at: [1, 21] },
  ])('tells where $name is', ({ cedar, at: [line, column] }) => {
    expect(problemsOf(cedar)).toMatchObject([{ line, column }]);
  });

  it.each(Object.entries(BOMBS))('survives %s', (_, bomb) => {
    for (const size of [15, 30, 45, 98, 140, 500, 2000, 6000])
      formatPolicy(`permit(principal, action, resource) when { ${bomb(size)} };`);
    expect(formatted('permit(principal,action,resource);')).toBe('permit (principal, action, resource);\n');
  });
});
