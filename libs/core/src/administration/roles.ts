/** What a role binding gives. Policies see a role as a group, `Group::"oncekey:publisher"`. */
export const ROLES = [
  'auditor',
  'policy-author',
  'publisher',
  'registrar',
  'security-admin',
  'approver',
] as const;

export type Role = (typeof ROLES)[number];

/** No identity provider can put anybody into these groups: what it calls so is left out. */
export const ROLE_GROUP_PREFIX = 'oncekey:';

export function roleGroup(role: Role): string {
  return `${ROLE_GROUP_PREFIX}${role}`;
}

/** Who has a role: one subject of one issuer, or everybody in a group as policies see it (prefix included). */
export interface RoleBindingDocument {
  readonly id: string;
  readonly role: Role;
  readonly issuer?: string;
  readonly subject?: string;
  readonly group?: string;
}

export interface RoleBinding {
  readonly id: string;
  readonly role: Role;
  readonly holder: { readonly issuer: string; readonly subject: string } | { readonly group: string };
}

/** The role groups of one principal, sorted. */
export function roleGroupsOf(
  bindings: readonly RoleBinding[],
  { issuer, subject, groups }: { issuer: string; subject: string; groups: readonly string[] },
): readonly string[] {
  const held = bindings.filter(({ holder }) =>
    'group' in holder
      ? groups.includes(holder.group)
      : holder.issuer === issuer && holder.subject === subject,
  );
  return [...new Set(held.map(({ role }) => roleGroup(role)))].toSorted();
}
