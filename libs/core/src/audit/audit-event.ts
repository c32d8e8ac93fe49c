import type { AdminAct } from '../administration/admin-act.ts';
import type { AdminReason } from '../errors/admin-problems.ts';
import type { InactiveReason } from '../errors/inactivities.ts';
import type { RefusalReason } from '../errors/refusals.ts';
import type { HttpOperation } from '../operation/http-operation.ts';
import type { Obligations } from '../policy/obligations.ts';
import type { PolicyRequest } from '../policy/policy-request.ts';
import type { CutOffName } from '../revocation/cut-off.ts';
import type { CallerMethod } from '../registry/caller-authentication.ts';
import type { EpochMs } from '../shared/clock.ts';
import type { Act } from '../token/act.ts';

export type Reason = RefusalReason | InactiveReason | AdminReason;

/**
 * What became of a request: a token given out, a request that waits for an approval, a token honoured, something revoked, an event accepted, an admin's act done, or the refusal
 * of any.
 */
export type AuditOutcome =
  'permitted' | 'deferred' | 'refused' | 'spent' | 'repeated' | 'inactive' | 'revoked' | 'accepted' | 'done';

/** `admin.enrolment`: a first admin was bound. `admin.break_glass`: a way back in was opened on the database host. */
export type AuditType =
  | 'token.exchange'
  | 'token.transaction'
  | 'token.caller'
  | 'token.introspect'
  | 'token.forward_auth'
  | 'token.revoke'
  | 'subject.revoke'
  | 'security.event'
  | 'admin.act'
  | 'admin.enrolment'
  | 'admin.break_glass';

/** What the steps have proved so far. Names and digests only; nothing in it opens anything. */
export interface AuditFacts {
  readonly callerId?: string;
  /** How the caller proved who it is. */
  readonly callerMethod?: CallerMethod;
  /** As whom its platform knows the caller, where that is what is believed. */
  readonly workload?: { readonly issuer: string; readonly subject: string };
  readonly subject?: { readonly issuer: string; readonly subject: string };
  /** Who acts for the subject, with everybody who acted before. */
  readonly actor?: Act;
  readonly deviceKey?: string | null;
  readonly ip?: string | null;
  readonly resource?: string;
  readonly operation?: HttpOperation;
  readonly operationId?: string;
  readonly tokenId?: string;
  readonly release?: number;
  readonly policies?: readonly string[];
  readonly obligations?: Obligations;
  /** The question that was put to the policies, so that it can be put again to others. */
  readonly question?: PolicyRequest;
  /** The approval that was asked for, or that the request waits for. */
  readonly approval?: { readonly id: string; readonly groups: readonly string[] };
  readonly act?: AdminAct;
  /** What was cut off, blocked or lifted. */
  readonly cutOff?: CutOffName;
}

/** The durable record of one request. Immutable; written before its answer leaves. */
export interface AuditEvent extends AuditFacts {
  /** UUID form, ordered by time. */
  readonly id: string;
  readonly at: EpochMs;
  readonly type: AuditType;
  readonly outcome: AuditOutcome;
  /** Why, unless it was permitted or spent. */
  readonly reason: Reason | null;
  /** Opaque; the caller is given it, and only the audit log says what it stands for. */
  readonly reasonId: string;
  /** Ties together everything that belongs to one transaction of the user. */
  readonly txn: string | null;
  /** A remark for the auditor; never a secret, at most 256 characters. */
  readonly detail: string | null;
}
