import type { PolicyTest } from '../policy/policy-test.ts';
import { roleGroup, type Role } from './roles.ts';

interface Case {
  readonly policy: string;
  readonly role: Role;
  readonly operation: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Who may not. */
  readonly not: Role | null;
}

const CASES: readonly Case[] = [
  { policy: 'read', role: 'auditor', operation: 'admin.audit.search', not: null },
  {
    policy: 'policy-author',
    role: 'policy-author',
    operation: 'admin.policies.replace',
    parameters: { id: 'any' },
    not: 'publisher',
  },
  { policy: 'publisher', role: 'publisher', operation: 'admin.releases.publish', not: 'policy-author' },
  { policy: 'registrar', role: 'registrar', operation: 'admin.clients.create', not: 'security-admin' },
  {
    policy: 'security-admin',
    role: 'security-admin',
    operation: 'admin.role-bindings.create',
    not: 'registrar',
  },
  {
    policy: 'approvals',
    role: 'approver',
    operation: 'admin.approvals.list',
    not: 'auditor',
  },
  {
    policy: 'approver',
    role: 'approver',
    operation: 'admin.approvals.approve',
    parameters: { id: 'any' },
    not: 'security-admin',
  },
  { policy: 'guard', role: 'security-admin', operation: 'admin.right.guard', not: 'policy-author' },
  { policy: 'publish-own', role: 'publisher', operation: 'admin.right.publish-own', not: 'auditor' },
];

/** Of each shipped policy: who is permitted by it, and who is not. They are published with it, and can be edited. */
export const SHIPPED_TESTS: readonly PolicyTest[] = CASES.flatMap((one) => {
  const id = `oncekey-admin.${one.policy}`;
  return [
    test(one, one.role, {
      id: `${id}.allows`,
      name: `${one.role} may ${one.operation}`,
      expect: { decision: 'permit', policies: [id], obligations: { proof: 'dpop' } },
    }),
    test(one, one.not, {
      id: `${id}.denies`,
      name: `${one.not ?? 'somebody without a role'} may not ${one.operation}`,
      expect: { decision: 'deny', policies: [] },
    }),
  ];
});

function test(
  { operation, parameters }: Case,
  role: Role | null,
  more: Pick<PolicyTest, 'id' | 'name' | 'expect'>,
): PolicyTest {
  return {
    ...more,
    principal: {
      issuer: 'https://idp.example',
      subject: 'ada',
      groups: role === null ? [] : [roleGroup(role)],
    },
    operation,
    ...(parameters === undefined ? {} : { parameters }),
    client: 'oncekey-cli',
    device_key: 'thumbprint-of-the-device',
    has_digest: true,
    auth_time: '2026-01-05T08:59:00Z',
    time: '2026-01-05T09:00:00Z',
  };
}
