import { ROLES, type Role, type RoleBinding } from '../administration/roles.ts';
import { STANDING_LIMITS } from './registration-rules.ts';
import type { StandingRule } from './standing-report.ts';

/** What stands in policies, roles and open links, by the name of the rule that finds it. */
export const RIGHT_RULES = {
  'wildcard-permit': ({ policies }) =>
    policies.flatMap(({ id, effect, permitsEverybody, unscopedAction }) => {
      if (effect !== 'permit' || !(permitsEverybody || unscopedAction)) return [];
      const wide = [
        ...(permitsEverybody ? ['everybody who can sign in'] : []),
        ...(unscopedAction ? ['every operation, and those to come'] : []),
      ];
      return [
        {
          // Everybody, for operations that somebody has chosen, may be meant.
          severity: wide.length > 1 ? 'critical' : unscopedAction ? 'high' : 'medium',
          subject: `policies/${id}`,
          why: `it permits ${wide.join(' ')}`,
          remedy: 'name groups or subjects in its principal, and operations or tags in its action',
        },
      ];
    }),

  'long-lifetime': ({ policies }) =>
    policies.flatMap(({ id, effect, ttlSeconds }) => {
      if (effect !== 'permit' || ttlSeconds === null || ttlSeconds <= STANDING_LIMITS.ttlSeconds) return [];
      return [
        {
          severity: 'medium',
          subject: `policies/${id}`,
          why: `a token that it permits may wait ${ttlSeconds} s before it is spent`,
          remedy: `set @ttl to ${STANDING_LIMITS.ttlSeconds} or less`,
        },
      ];
    }),

  'break-glass-policy': ({ policies }) =>
    policies
      .filter(({ isBreakGlass }) => isBreakGlass)
      .map(({ id }) => ({
        severity: 'high',
        subject: `policies/${id}`,
        why: 'it is meant for emergencies, and holds at all times',
        remedy: 'publish a release without it, and roll back to one with it when it is needed',
      })),

  'role-for-group': ({ roleBindings }) =>
    roleBindings.flatMap(({ id, role, holder }) => {
      if (!('group' in holder)) return [];
      return [
        {
          severity: role === 'security-admin' ? 'high' : 'medium',
          subject: `role-bindings/${id}`,
          why: `whoever may put people into ${holder.group} at the identity provider gives out the role ${role}`,
          remedy: 'bind the role to the issuer and subject of each person instead',
        },
      ];
    }),

  'all-roles-in-one-hand': ({ roleBindings }) =>
    [...rolesByHolder(roleBindings)]
      .filter(([, roles]) => ROLES.every((role) => roles.has(role)))
      .map(([holder]) => ({
        severity: 'high',
        subject: `role-holders/${holder}`,
        why: 'nothing that it does needs anybody else',
        remedy: 'bind publisher or security-admin to another person, and delete it here',
      })),

  'open-enrolment': ({ now, enrolments }) =>
    enrolments
      .filter(({ expiresAt }) => expiresAt > now)
      .map(({ purpose, expiresAt }) => ({
        severity: 'critical',
        subject: `enrolments/${purpose}`,
        why: `whoever has the link becomes an administrator, until ${new Date(expiresAt).toISOString()}`,
        remedy: 'use it, or let it expire',
      })),
} as const satisfies Readonly<Record<string, StandingRule>>;

function rolesByHolder(bindings: readonly RoleBinding[]): ReadonlyMap<string, ReadonlySet<Role>> {
  const held = new Map<string, Set<Role>>();
  for (const { role, holder } of bindings) {
    const name = 'group' in holder ? holder.group : `${holder.issuer}|${holder.subject}`;
    held.set(name, (held.get(name) ?? new Set()).add(role));
  }
  return held;
}
