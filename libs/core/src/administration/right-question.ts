import type { PolicyRequest } from '../policy/policy-request.ts';
import { ADMIN_API_ID, ADMIN_OPERATIONS, ADMIN_PREFIX, type ADMIN_RIGHTS } from './admin-catalog.ts';

export type AdminRight = (typeof ADMIN_RIGHTS)[keyof typeof ADMIN_RIGHTS];

/**
 * May who asked this also do that? The question of a call, about another operation of the admin API: principal and
 * circumstances stay, and whether a body is fixed, since it is the same body that the right is used for.
 */
export function rightQuestion(question: PolicyRequest, right: AdminRight): PolicyRequest {
  return questionAbout(question, right, {});
}

/** As `rightQuestion`, about any operation of the admin API. */
export function questionAbout(
  question: PolicyRequest,
  action: string,
  parameters: Readonly<Record<string, string>>,
): PolicyRequest {
  const found = ADMIN_OPERATIONS.find(({ id }) => id === action);
  if (found === undefined) throw new Error(`${action} is no operation of the admin API`);
  const { operation } = question.context;
  const below = found.path.replaceAll(/\{([^}]*)\}/g, (_, name: string) => parameters[name] ?? 'any');
  // The admin API may itself stand below a path.
  const path = `${operation.path.slice(0, Math.max(0, operation.path.indexOf(ADMIN_PREFIX)))}${below}`;
  const origin = /^[a-z]+:\/\/[^/?#]*/.exec(operation.targetUri)?.[0] ?? '';
  return {
    ...question,
    action,
    resource: ADMIN_API_ID,
    context: {
      ...question.context,
      operation: { ...operation, method: found.method, targetUri: `${origin}${path}`, path, parameters },
    },
  };
}
