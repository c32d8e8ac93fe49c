import type { PolicySource } from '../policy/release.ts';
import { roleGroup, type Role } from './roles.ts';

/** What each role may do beside reading, by the tag of the operation. */
const WRITES: readonly (readonly [Role, string])[] = [
  ['policy-author', 'admin-draft'],
  ['publisher', 'admin-publish'],
  ['registrar', 'admin-register'],
  ['security-admin', 'admin-security'],
];

const GROUPS = (['auditor', ...WRITES.map(([role]) => role)] as const)
  .map((role) => `Group::"${roleGroup(role)}"`)
  .join(',\n   ');

/**
 * The policies over the admin API that the first enrolment puts into force. From then on they are policies like any
 * others: a security-admin may change them, and nobody can take administration from everybody.
 */
export const SHIPPED_POLICIES: readonly PolicySource[] = [
  {
    id: 'oncekey-admin.read',
    cedar: `// Every role may look at everything; what is read is on record too.
@id("oncekey-admin.read")
@ttl("15")
@proof("dpop")
permit (
  principal,
  action in Action::"tag:admin-read",
  resource == Api::"oncekey-admin"
)
when
{
  principal in [${GROUPS}]
};
`,
  },
  ...WRITES.map(([role, tag]) => ({
    id: `oncekey-admin.${role}`,
    cedar: `@id("oncekey-admin.${role}")
@ttl("15")
@proof("dpop")
permit (
  principal in Group::"${roleGroup(role)}",
  action in Action::"tag:${tag}",
  resource == Api::"oncekey-admin"
);
`,
  })),
  {
    id: 'oncekey-admin.approvals',
    cedar: `// What waits for one of the caller's own groups, and nothing else of administration.
@id("oncekey-admin.approvals")
@ttl("15")
@proof("dpop")
permit (
  principal in Group::"oncekey:approver",
  action in Action::"tag:admin-approval",
  resource == Api::"oncekey-admin"
);
`,
  },
  {
    id: 'oncekey-admin.approver',
    cedar: `// Whoever decides has to have signed in just now.
@id("oncekey-admin.approver")
@ttl("15")
@digest("required")
@proof("dpop")
@max_auth_age("300")
permit (
  principal in Group::"oncekey:approver",
  action in Action::"tag:admin-approve",
  resource == Api::"oncekey-admin"
);
`,
  },
  {
    id: 'oncekey-admin.guard',
    cedar: `// Policies over the admin API, and who has which role, are for security-admins.
@id("oncekey-admin.guard")
@proof("dpop")
permit (
  principal in Group::"oncekey:security-admin",
  action == Action::"admin.right.guard",
  resource == Api::"oncekey-admin"
);
`,
  },
  {
    id: 'oncekey-admin.publish-own',
    cedar: `// Who publishes may be who drafted. Take this policy away, and each release needs two people.
@id("oncekey-admin.publish-own")
@proof("dpop")
permit (
  principal in Group::"oncekey:publisher",
  action == Action::"admin.right.publish-own",
  resource == Api::"oncekey-admin"
);
`,
  },
];
