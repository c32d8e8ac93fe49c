import {
  ADMIN_RIGHTS,
  AdminProblem,
  roleGroup,
  SHIPPED_POLICIES,
  type AdminCaller,
  type AdminStore,
  type FullRelease,
  type PolicySource,
  type Role,
  type RoleBinding,
} from '#core';
import { aQuestion } from '#testing';
import { cedarPolicyTools } from '../wiring/cedar-policy-tools.ts';
import { LivePolicies } from './live-policies.ts';
import { PolicyLockout } from './lockout.ts';
import { Rights } from './rights.ts';

const tools = cedarPolicyTools();
const ISSUER = 'https://idp.example';
let numbers = 0;

function live(policies: readonly PolicySource[]): FullRelease {
  const document = { policies, apis: [], claimed: {} };
  const head = { author: 'x', message: '', publishedAt: 0, rollbackOf: null, isLive: true };
  return { ...head, number: ++numbers, document };
}

function caller(...roles: Role[]): AdminCaller {
  const principal = { issuer: ISSUER, subject: 'ada', groups: roles.map(roleGroup), email: null };
  const question = aQuestion({ principal, action: 'admin.policies.replace', resource: 'oncekey-admin' });
  return { issuer: ISSUER, subject: 'ada', clientId: 'cli', txn: 't', ip: null, question };
}

const policies = new LivePolicies({} as AdminStore, tools);
const rights = new Rights(policies, tools);
const shipped = live(SHIPPED_POLICIES);

describe(Rights.name, () => {
  it.each<[string, Role[], readonly string[]]>([
    ['an auditor', ['auditor'], []],
    ['a policy-author', ['policy-author'], []],
    ['a publisher', ['publisher'], [ADMIN_RIGHTS.publishOwn]],
    ['a registrar', ['registrar'], []],
    ['a security-admin', ['security-admin'], [ADMIN_RIGHTS.guard]],
    [
      'a publisher and security-admin',
      ['publisher', 'security-admin'],
      [ADMIN_RIGHTS.guard, ADMIN_RIGHTS.publishOwn],
    ],
  ])('of %s, as shipped', async (_, roles, expected) => {
    const own = rights.of(caller(...roles), shipped);
    const held: string[] = [];
    for (const right of Object.values(ADMIN_RIGHTS)) if (await own.has(right)) held.push(right);
    expect(held.toSorted()).toEqual(expected.toSorted());
  });

  it('nobody has one where nothing is live', async () => {
    const demanded = rights.of(caller('security-admin'), null).demand(ADMIN_RIGHTS.guard);
    await expect(demanded).rejects.toMatchObject({
      reason: 'admin.forbidden',
      members: { right: 'admin.right.guard' },
    });
  });

  it('cost what the permit of the right demands', async () => {
    const unproved = caller('security-admin');
    const { context } = unproved.question;
    const question = { ...unproved.question, context: { ...context, device: { keyThumbprint: null } } };
    expect(await rights.of({ ...unproved, question }, shipped).has(ADMIN_RIGHTS.guard)).toBe(false);
  });

  const orders = 'permit (principal, action == Action::"admin.whoami", resource == Api::"oncekey-admin");';
  it.each<[string, string | null, string | null, boolean]>([
    ['nothing', 'permit (principal, action, resource == Api::"x");', null, false],
    ['a policy that is unscoped', 'permit (principal, action, resource);', null, true],
    ['a forbid that is unscoped', 'forbid (principal, action, resource);', null, true],
    ['a policy that comes', null, orders, true],
    ['a policy that stays', orders, orders, false],
    ['its comment alone', orders, `// why\n${orders}`, true],
    ['a text that is no policy', 'permit', null, true],
    ['a tag of another API', 'permit (principal, action in Action::"tag:read", resource);', null, false],
  ])('the guard is asked for %s', async (_, before, after, isAsked) => {
    const of = (cedar: string | null) => ({ policies: cedar === null ? [] : [{ id: 'a', cedar }] });
    const transaction = { lockLive: async () => shipped };
    const demanded = rights.demandFor(transaction, caller('policy-author'), {
      before: of(before),
      after: of(after),
    });
    const reason = await demanded.then(
      () => null,
      (thrown: unknown) => (thrown as AdminProblem).reason,
    );
    expect(reason).toBe(isAsked ? 'admin.forbidden' : null);
  });
});

describe(PolicyLockout.name, () => {
  const all: Role[] = ['policy-author', 'publisher', 'security-admin'];
  const bob = { issuer: ISSUER, subject: 'bob' };
  const bound = (holder: RoleBinding['holder'], ...roles: Role[]): RoleBinding[] =>
    roles.map((role) => ({ id: role, role, holder }));

  it.each<[string, RoleBinding[], readonly string[], boolean]>([
    ['one person has all of it', bound(bob, ...all), [], true],
    ['one group has', bound({ group: 'admins' }, ...all), [], true],
    [
      'two people have only together',
      [...bound(bob, ...all.slice(1)), ...bound({ group: 'g' }, 'policy-author')],
      [],
      false,
    ],
    ['nobody has', [], [], false],
    ['the guard is gone', bound(bob, ...all), ['guard'], false],
    ['nobody may publish', bound(bob, ...all), ['publisher'], false],
    ['a right that is no essential is gone', bound(bob, ...all), ['publish-own'], true],
  ])('%s', async (_, bindings, without, isOpen) => {
    const kept = SHIPPED_POLICIES.filter(({ id }) => !without.includes(id.slice('oncekey-admin.'.length)));
    const transaction = { lockLive: async () => live(kept) };
    const checked = new PolicyLockout(policies).check(transaction, bindings, caller());
    const reason = await checked.then(
      () => null,
      (thrown: unknown) => (thrown as AdminProblem).reason,
    );
    expect(reason).toBe(isOpen ? null : 'admin.lockout');
  });
});
