import { aQuestion, fakeRelease, type FakePolicy } from '#testing';
import { keepsAdministration } from './lockout.ts';

const OPERATIONS = ['orders.list', 'orders.refund'];
const asked = (subject: string) =>
  aQuestion({ principal: { issuer: 'https://idp.example', subject, groups: [], email: null } });
const permits = (subject: string, ...operations: string[]): FakePolicy => ({
  id: `${subject}-${operations.join('-')}`,
  operations,
  when: ({ principal }) => principal.subject === subject,
});

test.each<{ name: string; policies: FakePolicy[]; people: string[]; expected: boolean }>([
  {
    name: 'one person may do everything',
    policies: [permits('ada', ...OPERATIONS)],
    people: ['ada'],
    expected: true,
  },
  {
    name: 'one of two may do everything',
    policies: [permits('eve', ...OPERATIONS)],
    people: ['ada', 'eve'],
    expected: true,
  },
  {
    name: 'several policies together permit one person everything',
    policies: [permits('ada', 'orders.list'), permits('ada', 'orders.refund')],
    people: ['ada'],
    expected: true,
  },
  {
    name: 'P-15 two people may do everything only together',
    policies: [permits('ada', 'orders.list'), permits('eve', 'orders.refund')],
    people: ['ada', 'eve'],
    expected: false,
  },
  { name: 'P-15 nobody may do anything', policies: [], people: ['ada'], expected: false },
  {
    name: 'P-15 only somebody who holds no role may',
    policies: [permits('eve', ...OPERATIONS)],
    people: ['ada'],
    expected: false,
  },
  { name: 'P-15 there is nobody', policies: [permits('ada', ...OPERATIONS)], people: [], expected: false },
  {
    name: 'P-15 a forbid stands before one operation',
    policies: [permits('ada', ...OPERATIONS), { id: 'no', effect: 'forbid', operations: ['orders.refund'] }],
    people: ['ada'],
    expected: false,
  },
  {
    name: 'P-15 a permit demands what nobody can bring',
    policies: [{ ...permits('ada', ...OPERATIONS), obligations: { acrValues: [] } }],
    people: ['ada'],
    expected: false,
  },
])('$expected when $name', ({ policies, people, expected }) => {
  expect(keepsAdministration(fakeRelease(policies), people.map(asked), OPERATIONS)).toBe(expected);
});

test('P-15 an operation that is not in the catalog is permitted to nobody', () => {
  const release = fakeRelease([permits('ada', ...OPERATIONS)]);
  expect(keepsAdministration(release, [asked('ada')], [...OPERATIONS, 'orders.gone'])).toBe(false);
});
