import fc from 'fast-check';
import { ROLES, roleGroupsOf, type RoleBinding } from '../administration/roles.ts';
import { RoleHolders } from './role-holders.ts';

const CORP = 'https://login.corp.example';
const holder = (issuer: string, subject: string, ...groups: readonly string[]) => ({
  issuer,
  subject,
  groups,
});

const holders = new RoleHolders([
  { id: 'a', role: 'publisher', holder: { issuer: CORP, subject: 'ada' } },
  { id: 'b', role: 'auditor', holder: { group: 'ops' } },
  { id: 'c', role: 'auditor', holder: { issuer: CORP, subject: 'ada' } },
  { id: 'd', role: 'registrar', holder: { group: 'ops' } },
]);

describe('RoleHolders', () => {
  it.each<[string, ReturnType<typeof holder>, readonly string[]]>([
    ['gives a subject its roles, once each', holder(CORP, 'ada'), ['auditor', 'publisher']],
    ['gives a group its roles', holder(CORP, 'eve', 'ops'), ['auditor', 'registrar']],
    ['adds up', holder(CORP, 'ada', 'ops'), ['auditor', 'publisher', 'registrar']],
    ['gives a stranger nothing', holder(CORP, 'eve', 'sales'), []],
    ['J-46 gives the same subject of another issuer nothing', holder('https://evil.test', 'ada'), []],
    ['does not take a subject for a group', holder(CORP, 'ops', 'ada'), []],
    ['does not take another spelling', holder(`${CORP}/`, 'Ada', 'OPS', 'ops '), []],
    ['knows nobody by a name that every object has', holder(CORP, '__proto__', 'constructor'), []],
  ])('%s', (_, who, roles) => {
    expect(holders.groupsOf(who)).toEqual(roles.map((role) => `oncekey:${role}`));
  });

  it('finds what a search through all bindings finds', () => {
    const name = fc.constantFrom('a', 'b', 'a b', 'b a', ' ');
    const issuer = fc.constantFrom('https://a', 'https://b', 'https://a|b');
    const binding = fc.record({
      id: fc.constantFrom('x', 'y'),
      role: fc.constantFrom(...ROLES),
      holder: fc.oneof(fc.record({ issuer, subject: name }), fc.record({ group: name })),
    });
    const who = fc.record({ issuer, subject: name, groups: fc.array(name) });
    fc.assert(
      fc.property(fc.array(binding), who, (bindings: RoleBinding[], one) => {
        expect(new RoleHolders(bindings).groupsOf(one)).toEqual(roleGroupsOf(bindings, one));
      }),
    );
  });
});
