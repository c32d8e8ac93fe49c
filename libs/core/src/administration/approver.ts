import type { StoredDeferral } from '../deferral/deferral.ts';
import { AdminProblem } from '../errors/admin-problem.ts';
import { actorsOf, isSameParty, type Party } from '../token/act.ts';
import type { AdminCaller } from './admin-act.ts';

/** What it takes to say for which groups somebody decides: how their own call was permitted. */
export type Approver = Pick<AdminCaller, 'issuer' | 'subject' | 'question'>;

/** The groups for which somebody decides: their own, and none where somebody acts for them or calls on. */
export function groupsOfApprover({ question: { principal, context } }: Approver): readonly string[] {
  const isThere = !context.actor && context.transaction === undefined;
  return isThere ? principal.groups : [];
}

/** Did they ask for it, or do they act in it? */
export function hasPartIn({ request }: Pick<StoredDeferral, 'request'>, party: Party): boolean {
  const { subject, actor } = request;
  const parties = [
    { iss: subject.issuer, sub: subject.subject },
    ...(actor.act === null ? [] : actorsOf(actor.act)),
  ];
  return parties.some((one) => isSameParty(one, party));
}

/**
 * For which of the wanted groups somebody decides. Whoever asked does not, nor does whoever acts in it, whatever groups
 * they are in and whoever they act for now.
 *
 * Out    never empty
 * Fails  AdminProblem admin.own_approval | admin.not_approver
 */
export function groupsToDecideFor(deferral: StoredDeferral, approver: Approver): readonly string[] {
  const { issuer, subject, question } = approver;
  const { actor } = question.context;
  const present = [
    { iss: issuer, sub: subject },
    ...(actor ? [{ iss: actor.issuer, sub: actor.subject }] : []),
  ];
  if (present.some((party) => hasPartIn(deferral, party))) throw new AdminProblem('admin.own_approval');
  const own = groupsOfApprover(approver);
  const groups = deferral.approvers.filter((group) => own.includes(group));
  if (groups.length === 0) throw new AdminProblem('admin.not_approver');
  return groups;
}
