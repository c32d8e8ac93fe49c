import { narrowPolicy } from './narrow-policy.ts';

const MATCHABLE = ['orders.list', 'orders.read', 'orders.refund'];
const PERMIT = `// Everybody may look.
@id("look")
@ttl("5")
permit (
  principal in Group::"a,b", // who, action
  action,
  resource == Api::"orders"
) // where
when { context.client.id == "web" };
`;

const narrowed = (cedar: string, operations: readonly string[], matchable = MATCHABLE): string | null =>
  narrowPolicy(cedar, { operations, matchable })?.cedar ?? null;

describe('narrowing a policy', () => {
  it('names the operations that were used, and keeps everything else', () => {
    expect(narrowed(PERMIT, ['orders.read'])).toBe(
      PERMIT.replace('  action,', '  action == Action::"orders.read",'),
    );
    expect(narrowed(PERMIT, ['orders.read', 'orders.list', 'orders.read'])).toBe(
      PERMIT.replace('  action,', '  action in [Action::"orders.list", Action::"orders.read"],'),
    );
  });

  it.each([
    'action in Action::"tag:read"',
    'action in [Action::"orders.list", Action::"orders.read", Action::"orders.refund"]',
    'action in [Action::"api:orders", Action::"tag:read"]',
  ])('narrows %s', (scope) => {
    expect(narrowed(`forbid(principal, ${scope}, resource);`, ['orders.read'])).toBe(
      'forbid (\n  principal,\n  action == Action::"orders.read",\n  resource\n);\n',
    );
  });

  it('is not misled by annotations, strings or comments', () => {
    const cedar = `@permit("(a, b, c)") // forbid (x, y, z)
permit(principal == User::"i|(,", action, resource);`;
    expect(narrowed(cedar, ['orders.read'])).toContain('action == Action::"orders.read",\n  resource');
  });

  it('never widens: what the policy cannot match today is left out', () => {
    expect(narrowed(PERMIT, ['orders.read', 'billing.pay'])).toContain('action == Action::"orders.read",');
    expect(narrowed(PERMIT, ['billing.pay'])).toBeNull();
  });

  it.each<{ name: string; cedar: string; used: readonly string[] }>([
    { name: 'all that it matches was used', cedar: PERMIT, used: MATCHABLE },
    { name: 'nothing was used', cedar: PERMIT, used: [] },
    { name: 'it is no policy', cedar: 'permit', used: ['orders.read'] },
    { name: 'it is two policies', cedar: `${PERMIT}${PERMIT}`, used: ['orders.read'] },
  ])('has nothing to suggest when $name', ({ cedar, used }) => {
    expect(narrowed(cedar, used)).toBeNull();
  });
});
