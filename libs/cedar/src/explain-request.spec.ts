import type { Explanation, PolicyRequest, PolicySource } from '#core';
import fc from 'fast-check';
import { CedarCompiler } from './cedar-compiler.ts';
import type { CedarRelease } from './cedar-release.ts';
import { PreparsedSlots } from './preparsed-slots.ts';
import { aDocument, aRequest } from './testing/a-document.ts';
import { somePolicies, someRequest } from './testing/some-policies.ts';

const compiler = new CedarCompiler(new PreparsedSlots('explain-spec-'));
type Asked = Pick<CedarRelease, 'evaluate' | 'explain' | 'policies'>;

/** Compiles what can be compiled: chance also makes policies that can never apply. */
function releaseOf(policies: readonly PolicySource[]): Asked {
  const compiled = compiler.compile(1, aDocument({ policies }));
  if ('release' in compiled) return compiled.release;
  const bad = new Set(compiled.problems.map(({ policy }) => policy));
  const good = policies.filter(({ id }) => !bad.has(id));
  if (good.length === policies.length) throw new Error(JSON.stringify(compiled.problems));
  return releaseOf(good);
}

const explain = (texts: Record<string, string>, request: PolicyRequest = aRequest()): Explanation =>
  releaseOf(Object.entries(texts).map(([id, cedar]) => ({ id, cedar }))).explain(request);

const HEAD = 'permit(principal, action, resource)';

describe('an explanation', () => {
  it.each<{ name: string; cedar: string; missing: readonly string[] }>([
    {
      name: 'the group that one is not in',
      cedar: 'permit(principal in Group::"leads", action == Action::"orders.read", resource);',
      missing: ['principal in Group::"leads"'],
    },
    {
      name: 'the person that one is not',
      cedar: 'permit(principal == User::"https://idp.example|bob", action, resource);',
      missing: ['principal == User::"https://idp.example|bob"'],
    },
    {
      name: 'each condition that does not hold, and none that does',
      cedar: `${HEAD} when { context.client.id == "cli" && context.time.hour_utc == 10 } when { principal in Group::"leads" };`,
      missing: ['context.client.id == "cli"', 'principal in Group::"leads"'],
    },
    {
      name: 'what stands in the way, of what an unless lists',
      cedar: `${HEAD} unless { context.client.id == "cli" || context.client.id == "web" };`,
      missing: ['unless { context.client.id == "web" }'],
    },
    {
      name: 'alternatives as one thing',
      cedar: `${HEAD} when { context.client.id == "cli" || principal in Group::"leads" };`,
      missing: ['context.client.id == "cli" || principal in Group::"leads"'],
    },
    {
      name: 'what binds closer than `||` with it',
      cedar: `${HEAD} when { context.client.id == "cli" && true || principal in Group::"leads" };`,
      missing: ['context.client.id == "cli" && true || principal in Group::"leads"'],
    },
    {
      name: 'what brackets join, one by one, in one line and without comments',
      cedar: `${HEAD} when { ((context.client.id\n  == "cli") // which\n && (principal in Group::"support" && (context.time.hour_utc == 11))) };`,
      missing: ['context.client.id == "cli"', 'context.time.hour_utc == 11'],
    },
    {
      name: 'branches as they are',
      cedar: `${HEAD} when { if context.client.id == "web" then false && true else true };`,
      missing: ['if context.client.id == "web" then false && true else true'],
    },
    {
      name: 'an attribute that is not there, once',
      cedar: `${HEAD} when { context.claimed has reason && context.claimed.reason like "T-*" };`,
      missing: ['context.claimed.reason like "T-*" (absent)'],
    },
    {
      name: 'an attribute that is only asked for',
      cedar: `${HEAD} when { context.operation has content_type };`,
      missing: ['context.operation has content_type'],
    },
    {
      name: 'everything at once',
      cedar:
        'permit(principal is User in Group::"leads", action in Action::"tag:read", resource == Api::"orders") when { context.auth has acr && context.auth.acr == "phrh" } unless { !context.operation.has_digest };',
      missing: [
        'principal is User in Group::"leads"',
        'context.auth.acr == "phrh"',
        'unless { !context.operation.has_digest }',
      ],
    },
  ])('tells $name', ({ cedar, missing }) => {
    expect(explain({ p: cedar })).toEqual({
      applied: [],
      almost: [{ policy: 'p', effect: 'permit', missing }],
    });
  });

  it('tells of no policy for another operation or another API', () => {
    expect(
      explain({
        p: 'permit(principal, action == Action::"orders.list", resource);',
        q: 'permit(principal, action in Action::"tag:money", resource);',
        r: 'permit(principal, action, resource == Api::"billing");',
      }),
    ).toEqual({ applied: [], almost: [] });
  });

  it('tells which policies decided, and which a forbid outweighed', () => {
    const texts = {
      z: `${HEAD};`,
      y: `${HEAD} when { context.client.id == "web" };`,
      x: 'forbid(principal, action, resource) unless { context.client.id == "web" };',
    };
    expect(explain(texts)).toEqual({
      applied: [
        { policy: 'y', effect: 'permit', determining: true },
        { policy: 'z', effect: 'permit', determining: true },
      ],
      almost: [{ policy: 'x', effect: 'forbid', missing: ['unless { context.client.id == "web" }'] }],
    });
    expect(explain(texts, aRequest({}, { client: { id: 'cli' } }))).toEqual({
      applied: [
        { policy: 'x', effect: 'forbid', determining: true },
        { policy: 'z', effect: 'permit', determining: false },
      ],
      almost: [{ policy: 'y', effect: 'permit', missing: ['context.client.id == "web"'] }],
    });
  });

  it('tells what could not be evaluated, and that nothing decided', () => {
    const overflow = 'context.claimed has urgency && context.claimed.urgency * 9223372036854775807 > 0';
    const told = explain(
      { p: `${HEAD};`, q: `forbid(principal, action, resource) when { ${overflow} };` },
      aRequest({}, { claimed: { urgency: 2 } }),
    );
    expect(told).toEqual({
      applied: [{ policy: 'p', effect: 'permit', determining: false }],
      almost: [
        {
          policy: 'q',
          effect: 'forbid',
          missing: ['context.claimed.urgency * 9223372036854775807 > 0 (cannot be evaluated)'],
        },
      ],
    });
  });

  it('has nearest first, permits before forbids, and ends at twenty', () => {
    const away = (times: number): string =>
      Array.from({ length: times }, (_, at) => `context.client.id == "c${at}"`).join(' && ');
    const texts = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `p${at}`,
        `${at % 2 === 0 ? 'forbid' : 'permit'}(principal, action, resource) when { ${away(1 + (at % 3))} };`,
      ]),
    );
    const { almost } = explain(texts);
    expect(almost).toHaveLength(20);
    expect(almost.slice(0, 10).map(({ missing }) => missing.length)).toEqual(
      Array.from({ length: 10 }, () => 1),
    );
    expect(
      almost
        .slice(0, 10)
        .map(({ effect }) => effect[0])
        .join(''),
    ).toBe('pppppfffff');
  });

  it.each<{ name: string; request: PolicyRequest }>([
    { name: "another API's operation", request: aRequest({ resource: 'billing' }) },
    { name: 'a claim of another type', request: aRequest({}, { claimed: { urgency: 0.5 } }) },
  ])('has nothing to say about $name', ({ request }) => {
    expect(explain({ p: `${HEAD};` }, request)).toEqual({ applied: [], almost: [] });
  });

  it('agrees with the decision: nothing is missing just where a policy matched', () => {
    const seen = { determining: 0, outweighed: 0, almost: 0, failed: 0 };
    const document = aDocument();
    const requests = fc.array(someRequest(document), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(somePolicies(document), requests, (policies, asked) => {
        const release = releaseOf(policies);
        for (const request of asked) {
          const { effect, determining, failed } = release.evaluate(request);
          const { applied, almost } = release.explain(request);
          expect(applied.filter((one) => one.determining).map(({ policy }) => policy)).toEqual(determining);
          for (const { effect: own, determining: decided } of applied) {
            const isOutweighed = own === 'permit' && effect === 'deny' && determining.length > 0;
            expect(decided || isOutweighed || failed).toBe(true);
            seen[decided ? 'determining' : isOutweighed ? 'outweighed' : 'failed']++;
          }
          for (const { policy, missing } of almost) {
            expect(missing.length).toBeGreaterThan(0);
            expect(determining).not.toContain(policy);
          }
          const told = [...applied, ...almost].map(({ policy }) => policy).toSorted();
          const fitting = release.policies.filter(({ operations }) => operations.includes(request.action));
          expect(told).toEqual(fitting.map(({ id }) => id));
          seen.almost += almost.length;
        }
      }),
      { numRuns: 60 },
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
  });
});
