import { NO_CATALOG } from './parse-policy.ts';
import { readPolicy, type ReadPolicy } from './read-policy.ts';
import { aDocument } from './testing/a-document.ts';
import { validationGroups } from './validation-groups.ts';

const [orders, billing] = aDocument().apis;
if (orders === undefined || billing === undefined) throw new Error('there are two APIs');

/** As `orders`, under a name that nothing else has. */
const quiet = {
  id: 'quiet',
  operations: [{ id: 'quiet.look', method: 'GET', path: '/look', tags: ['quiet'] }],
} as const;

const claimed = { reason: 'String', amount: 'Long' } as const;

const policyOf = (cedar: string, at: number): readonly ReadPolicy[] => {
  const { policy } = readPolicy({ id: `p${at}`, cedar }, NO_CATALOG);
  return policy === null ? [] : [policy];
};

/** Each group as its policies, the APIs with operations in its schema, those that are only named, and what is claimed. */
const brief = (...cedars: readonly string[]): readonly (readonly string[])[] =>
  validationGroups(cedars.flatMap(policyOf), { apis: [orders, billing, quiet], claimed }).map((group) => [
    group.policies.map(({ source }) => source.id).join(' '),
    group.apis.flatMap(({ id, operations }) => (operations.length > 0 ? [id] : [])).join(' '),
    group.apis.flatMap(({ id, operations }) => (operations.length > 0 ? [] : [id])).join(' '),
    Object.keys(group.claimed).join(' '),
  ]);

const ORDERS = 'permit(principal, action, resource == Api::"orders")';
const BOTH = 'permit(principal, action in [Action::"orders.read", Action::"api:billing"], resource)';

it.each<{ name: string; cedars: readonly string[]; groups: readonly (readonly string[])[] }>([
  {
    name: 'policies over one API are held against that one',
    cedars: [`${ORDERS};`, `${ORDERS} when { context.device.known };`],
    groups: [['p0 p1', 'orders', '', '']],
  },
  {
    name: 'policies over several are held against these together',
    cedars: [`${BOTH};`, `${ORDERS};`, `${BOTH} when { context.device.known };`],
    groups: [
      ['p1', 'orders', '', ''],
      ['p0 p2', 'orders billing', '', ''],
    ],
  },
  {
    name: 'an API that a condition names can be named, and has no operations',
    cedars: [`${ORDERS} unless { resource == Api::"billing" };`],
    groups: [['p0', 'orders', 'billing', '']],
  },
  {
    name: 'an operation that a condition names brings its API along',
    cedars: [`${ORDERS} unless { action == Action::"quiet.look" };`],
    groups: [['p0', 'orders quiet', '', '']],
  },
  {
    name: 'a policy that names what no API has is held against everything',
    cedars: ['permit(principal, action == Action::"orders.raed", resource);'],
    groups: [['p0', 'orders billing quiet', '', '']],
  },
  {
    name: 'a policy over everything is held against everything',
    cedars: ['permit(principal, action, resource);'],
    groups: [['p0', 'orders billing quiet', '', '']],
  },
  {
    name: 'of what is claimed a group sees what it speaks of',
    cedars: [`${ORDERS} when { context.claimed has amount && context.claimed.amount < 5 };`],
    groups: [['p0', 'orders', '', 'amount']],
  },
  {
    name: 'of what is claimed a group sees all when it looks at the whole of it',
    cedars: [`${ORDERS} when { context.claimed == context.claimed };`],
    groups: [['p0', 'orders', '', 'reason amount']],
  },
])('$name', ({ cedars, groups }) => {
  expect(brief(...cedars)).toEqual(groups);
});
