import type { RefusalRow } from './refusal-row.ts';

const code = { error: 'invalid_grant', status: 400, says: 'the deferral code was not accepted' } as const;
const no = { error: 'access_denied', status: 400, says: 'the request was not approved' } as const;

/** What is heard of a request that needs an approval (draft-ietf-oauth-deferred-token-response; RFC 8628 §3.5). */
export const APPROVAL_REFUSALS = {
  'policy.approval_required': {
    error: 'invalid_authorization_details',
    status: 400,
    says: 'the operation needs an approval',
    means: 'policy demands an approval, and the client did not say that it can wait for one',
  },
  'approval.pending': {
    error: 'authorization_pending',
    status: 400,
    says: 'approval is pending',
    means: 'nobody has decided yet',
  },
  'approval.slow_down': {
    error: 'slow_down',
    status: 400,
    says: 'approval is pending, and was asked for too often',
    means: 'the client asked before the interval was over, which is longer from now on',
  },
  'approval.expired': {
    error: 'expired_token',
    status: 400,
    says: 'the deferral code has expired',
    means: 'it was not approved in time, or its token was not fetched in time',
  },
  'approval.denied': { ...no, means: 'somebody whose approval was wanted has denied it' },
  'approval.cancelled': { ...no, means: 'the client has cancelled it' },
  'approval.stale': {
    ...no,
    means: 'something that it stands on was cut off or has changed, or the policies deny it now',
  },
  'approval.unknown': { ...code, means: 'no request waits, or waited lately, under this code' },
  'approval.foreign_client': { ...code, means: 'another client was given the code' },
  'approval.redeemed': { ...code, means: 'the token was fetched before' },
  'approval.other_key': {
    error: 'invalid_dpop_proof',
    status: 400,
    says: 'the DPoP proof was not accepted',
    means: 'the request was made with another key or certificate',
  },
  'approval.too_many': {
    error: 'temporarily_unavailable',
    status: 429,
    says: 'too many requests wait for an approval',
    means: 'the subject or the client has as many open approvals as one may have',
  },
} as const satisfies Record<string, RefusalRow>;
