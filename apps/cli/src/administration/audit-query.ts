import { EXIT, Failure } from '../failure.ts';
import type { AdminOptions } from './open-admin.ts';

/** Filters of the audit log, as commander hands them over. */
export interface AuditSearchOptions extends AdminOptions {
  readonly lines?: number;
  readonly issuer?: string;
  readonly subject?: string;
  readonly client?: string;
  readonly operation?: string;
  readonly reason?: string;
  readonly outcome?: string;
  readonly type?: string;
  readonly txn?: string;
  readonly reasonId?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The query of `GET /audit`. Fails  Failure when a time is none */
export function auditQuery(options: AuditSearchOptions): Record<string, string | undefined> {
  const { issuer, subject, client, operation, reason, outcome, type, txn, reasonId } = options;
  const [from, to] = [timeOf('--from', options.from), timeOf('--to', options.to)];
  return {
    ...{ issuer, subject, client, operation, reason, outcome, type, txn },
    reason_id: reasonId,
    from,
    to,
  };
}

function timeOf(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Failure(`${option} ${text} is not a time`, EXIT.usage);
  return new Date(at).toISOString();
}
