import { AdminProblem, type AuditFilter, type EpochMs } from '#core';
import type { FastifyRequest } from 'fastify';
import { readQuery } from '../calls/list-query.ts';
import { readTime } from './read-time.ts';

const TEXTS = ['issuer', 'subject', 'client', 'operation', 'reason', 'txn', 'reason_id'] as const;

const OUTCOMES = ['permitted', 'refused', 'spent', 'repeated', 'inactive', 'revoked', 'done'];
const TYPES = [
  'token.exchange',
  'token.transaction',
  'token.caller',
  'token.introspect',
  'token.forward_auth',
  'token.revoke',
  'subject.revoke',
  'security.event',
  'admin.act',
  'admin.enrolment',
  'admin.break_glass',
];

const AUDIT_PARAMETERS = [...TEXTS, 'outcome', 'type', 'from', 'to'] as const;

/** What each parameter is, for the OpenAPI document. */
export const AUDIT_QUERY: Readonly<Record<string, string>> = {
  issuer: 'of the subject',
  subject: 'exactly this',
  client: 'client that called, or resource server',
  operation: 'catalog operation, of decisions and of admin acts',
  reason: 'as in reasons.md',
  outcome: OUTCOMES.join(', '),
  type: TYPES.join(', '),
  txn: 'everything of one transaction',
  reason_id: 'as `Oncekey-Reason-Id` had it',
  from: 'not before: 2026-01-31T09:30:00Z',
  to: 'before: 2026-01-31T10:30:00Z',
};

/**
 * Reads what an audit query narrows by. Names come from a fixed list; nothing of a value becomes part of a statement.
 *
 * Fails  admin.malformed
 */
export function readAuditFilter(
  request: Pick<FastifyRequest, 'originalUrl'>,
  more: readonly string[] = [],
): { readonly filter: AuditFilter; readonly rest: Readonly<Partial<Record<string, string>>> } {
  const query: Readonly<Partial<Record<string, string>>> = readQuery(request, [...AUDIT_PARAMETERS, ...more]);
  const { outcome, type, reason_id: reasonId, from, to } = query;
  demandOneOf('outcome', outcome, OUTCOMES);
  demandOneOf('type', type, TYPES);
  const filter: AuditFilter = {
    ...textOf('issuer', query['issuer']),
    ...textOf('subject', query['subject']),
    ...textOf('client', query['client']),
    ...textOf('operation', query['operation']),
    ...textOf('reason', query['reason']),
    ...textOf('txn', query['txn']),
    ...textOf('outcome', outcome),
    ...textOf('type', type),
    ...textOf('reasonId', reasonId),
    ...timeOf('from', from),
    ...timeOf('to', to),
  };
  return { filter, rest: query };
}

function textOf(name: keyof AuditFilter, value: string | undefined): AuditFilter {
  return value === undefined ? {} : { [name]: value };
}

function timeOf(
  name: 'from' | 'to',
  text: string | undefined,
): { readonly from?: EpochMs; readonly to?: EpochMs } {
  if (text === undefined) return {};
  const at = readTime(text);
  if (at === null) throw malformed(`${name} must be a time like 2026-01-31T09:30:00Z`);
  return { [name]: at };
}

function demandOneOf(name: string, value: string | undefined, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value))
    throw malformed(`${name} is one of ${choices.join(', ')}`);
}

function malformed(detail: string): AdminProblem {
  return new AdminProblem('admin.malformed', [{ detail }]);
}
