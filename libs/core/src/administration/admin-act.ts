import type { PolicyRequest } from '../policy/policy-request.ts';

/** Who stands behind an admin call whose token was spent, and what was decided when it was earned. */
export interface AdminCaller {
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  /** Ties the call's decision, its spend and its acts together in the audit log. */
  readonly txn: string;
  readonly ip: string | null;
  /** The question that the policies answered, as it is on record: groups, roles and circumstances. */
  readonly question: PolicyRequest;
}

/** What an admin did, for the audit log. Names and digests, never a document. */
export interface AdminAct {
  /** Catalog operation: `admin.policies.replace`. */
  readonly operation: string;
  /** What was changed: `policies/support-refunds`, `releases/7`. */
  readonly target: string;
  /** SHA-256 of the document before and after, base64url; null where there was or is none. */
  readonly before: string | null;
  readonly after: string | null;
}
