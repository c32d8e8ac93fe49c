import { ADMIN_API } from '#core';
import { policyFacts, touchesApi, type PolicyFacts } from './policy-facts.ts';
import { aDocument } from './testing/a-document.ts';

const READ = 'action == Action::"orders.read"';
const NOTHING: PolicyFacts = { permitsEverybody: false, unscopedAction: false, isBreakGlass: false };

describe('facts about a policy', () => {
  it.each<{ name: string; cedar: string; facts: Partial<PolicyFacts> }>([
    {
      name: 'that it permits anything to anybody',
      cedar: 'permit(principal, action, resource) when { context.client.id == "web" };',
      facts: { permitsEverybody: true, unscopedAction: true },
    },
    {
      name: 'that all users are everybody',
      cedar: `permit(principal is User, ${READ}, resource);`,
      facts: { permitsEverybody: true },
    },
    { name: 'that a group is not', cedar: `permit(principal in Group::"a", ${READ}, resource);`, facts: {} },
    {
      name: 'that users in a group are not',
      cedar: `permit(principal is User in Group::"a", ${READ}, resource);`,
      facts: {},
    },
    {
      name: 'that a condition may say who',
      cedar: `permit(principal, ${READ}, resource) when { [1].contains(1) && principal in Group::"a" };`,
      facts: {},
    },
    {
      name: 'that an attribute may say who',
      cedar: `permit(principal, ${READ}, resource) unless { principal.sub != "ada" };`,
      facts: {},
    },
    {
      name: 'that a condition may say what',
      cedar: `permit(principal in Group::"a", action, resource) when { action in Action::"tag:read" };`,
      facts: {},
    },
    { name: 'that a forbid permits nobody', cedar: 'forbid(principal, action, resource);', facts: {} },
    {
      name: 'that it is for emergencies',
      cedar: `@break_glass("directory down") permit(principal in Group::"a", ${READ}, resource);`,
      facts: { isBreakGlass: true },
    },
  ])('tell $name', ({ cedar, facts }) => {
    expect(policyFacts(cedar)).toEqual({ ...NOTHING, ...facts });
  });

  it('are none of a text that is no policy', () => {
    expect(policyFacts('permit')).toBeNull();
    expect(policyFacts(`permit(principal, action, resource) when { ${'('.repeat(6000)}`)).toBeNull();
  });
});

describe('touchesApi', () => {
  const orders = { id: 'orders', operations: aDocument().apis[0]?.operations ?? [] };

  it.each<{ name: string; cedar: string; admin: boolean; orders: boolean }>([
    { name: 'everything', cedar: 'permit(principal, action, resource);', admin: true, orders: true },
    {
      name: 'one API',
      cedar: 'permit(principal, action, resource == Api::"orders");',
      admin: false,
      orders: true,
    },
    {
      name: 'the admin API',
      cedar: 'forbid(principal, action, resource in Api::"oncekey-admin");',
      admin: true,
      orders: false,
    },
    {
      name: 'a right by its name',
      cedar: 'permit(principal, action in [Action::"admin.right.guard", Action::"orders.read"], resource);',
      admin: true,
      orders: true,
    },
    {
      name: 'a tag of the admin API',
      cedar: 'permit(principal, action in Action::"tag:admin-read", resource);',
      admin: true,
      orders: false,
    },
    {
      name: 'a tag of another',
      cedar: 'permit(principal, action in Action::"tag:money", resource);',
      admin: false,
      orders: true,
    },
    { name: 'what cannot be read: when in doubt, yes', cedar: 'permit', admin: true, orders: true },
  ])('knows $name', ({ cedar, admin, orders: ofOrders }) => {
    expect([touchesApi(cedar, ADMIN_API), touchesApi(cedar, orders)]).toEqual([admin, ofOrders]);
  });
});
