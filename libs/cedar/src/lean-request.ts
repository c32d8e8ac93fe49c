import { isTrustDomainIssuer, type PolicyRequest } from '#core';
import type { CedarValueJson, EntityJson, TypeAndId } from './engine.ts';
import { CONTEXT_VALUES, PRINCIPAL_VALUES } from './context-values.ts';
import type { LeanPlan } from './lean-plan.ts';

type CedarRecord = Record<string, CedarValueJson>;

/** A request as Cedar is given it. */
export interface LeanRequest {
  readonly principal: TypeAndId;
  readonly action: TypeAndId;
  readonly resource: TypeAndId;
  readonly context: CedarRecord;
  readonly entities: EntityJson[];
}

/** Stands for whoever asks, in a slice that does not care who it is. */
const ANYBODY = '';

/** The parts of a request that the plan names, and no others. */
export function leanRequest(plan: LeanPlan, request: PolicyRequest): LeanRequest {
  const principal = {
    type: isTrustDomainIssuer(request.principal.issuer) ? 'Workload' : 'User',
    id: plan.principalItself ? principalId(request.principal) : ANYBODY,
  };
  const entity = principalEntity(plan, request, principal);
  const action = plan.actionEntities.get(request.action);
  return {
    principal,
    action: { type: 'Action', id: request.action },
    resource: { type: 'Api', id: request.resource },
    context: contextOf(plan, request.context),
    entities: [...(entity === null ? [] : [entity]), ...(action === undefined ? [] : [action])],
  };
}

/**
 * An issuer is a URL and holds no `|`, so that the first one ends it and no two users share an id. The name of a
 * workload has its trust domain in it already.
 */
function principalId({ issuer, subject }: PolicyRequest['principal']): string {
  return isTrustDomainIssuer(issuer) ? subject : `${issuer}|${subject}`;
}

function principalEntity(plan: LeanPlan, { principal }: PolicyRequest, uid: TypeAndId): EntityJson | null {
  // A workload is in no group, whatever a question says that nobody can ask.
  const member = uid.type === 'User' ? principal.groups : [];
  const groups = [...new Set(member)].filter((group) => plan.groups.has(group)).toSorted();
  const attrs: CedarRecord = {};
  for (const name of plan.principalAttributes) put(attrs, name, PRINCIPAL_VALUES[name](principal));
  // An entity that is not there has no attributes and is in no group, which is all that could be said of it.
  if (groups.length === 0 && plan.principalAttributes.length === 0) return null;
  return { uid, attrs, parents: groups.map((id) => ({ type: 'Group', id })) };
}

function contextOf(plan: LeanPlan, context: PolicyRequest['context']): CedarRecord {
  const records: Record<string, CedarRecord> = {};
  const top: CedarRecord = {};
  for (const record of plan.records) {
    const made: CedarRecord = {};
    records[record] = made;
    const dot = record.indexOf('.');
    const holder = dot === -1 ? top : records[record.slice(0, dot)];
    if (holder !== undefined) holder[record.slice(dot + 1)] = made;
  }
  for (const path of plan.attributes) {
    const dot = path.indexOf('.');
    put(records[path.slice(0, dot)], path.slice(dot + 1), CONTEXT_VALUES[path](context));
  }
  const { parameters } = context.operation;
  for (const name of plan.parameters) {
    put(records['operation.params'], name, Object.hasOwn(parameters, name) ? parameters[name] : null);
  }
  for (const name of plan.claimed) {
    put(records['claimed'], name, Object.hasOwn(context.claimed, name) ? context.claimed[name] : null);
  }
  return top;
}

/** Cedar knows no null: what is not there is left out. */
function put(record: CedarRecord | undefined, name: string, value: CedarValueJson | undefined): void {
  if (record === undefined) throw new Error(`no record for the attribute ${name}`);
  if (value !== null && value !== undefined) record[name] = value;
}
