import type { PolicyRequest } from '../policy/policy-request.ts';
import { RoleHolders } from '../registry/role-holders.ts';
import { ADMIN_API_ID } from './admin-catalog.ts';
import { ROLE_GROUP_PREFIX, type RoleBinding } from './roles.ts';

/**
 * What each holder of a role would ask at best, with these bindings: as the caller does, signed in just now. Of a
 * group it is taken that somebody is in it; and the caller is asked for too, with the groups that they really have.
 */
export function holderQuestions(
  bindings: readonly RoleBinding[],
  caller: PolicyRequest,
): readonly PolicyRequest[] {
  const holders = new RoleHolders(bindings);
  const own = {
    ...caller.principal,
    groups: caller.principal.groups.filter((group) => !group.startsWith(ROLE_GROUP_PREFIX)),
  };
  const principals = bindings.map(({ holder }) =>
    'group' in holder
      ? { issuer: own.issuer, subject: '(somebody)', groups: [holder.group], email: null }
      : { ...holder, groups: [], email: null },
  );
  return unique([own, ...principals]).map((principal) => ({
    ...caller,
    principal: { ...principal, groups: [...principal.groups, ...holders.groupsOf(principal)] },
    resource: ADMIN_API_ID,
    context: {
      ...caller.context,
      operation: { ...caller.context.operation, parameters: { id: 'any', number: '1' }, hasDigest: true },
      auth: { ...caller.context.auth, authTime: caller.context.time },
    },
  }));
}

function unique(principals: readonly PolicyRequest['principal'][]): readonly PolicyRequest['principal'][] {
  return [...new Map(principals.map((one) => [JSON.stringify(one), one])).values()];
}
