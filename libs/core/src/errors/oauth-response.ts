import { OAuthError, type Deferred } from './oauth-error.ts';
import { REFUSALS, type RefusalReason, type RefusalRow } from './refusals.ts';

/** Error body of RFC 6749 §5.2, with the members of RFC 9470 §3 and of deferred token responses where they apply. */
export interface OAuthErrorBody {
  error: string;
  error_description: string;
  acr_values?: string;
  max_age?: number;
  deferral_code?: string;
  expires_in?: number;
  interval?: number;
  binding_code?: string;
}

export interface OAuthErrorResponse {
  status: number;
  body: OAuthErrorBody;
  headers: Record<string, string>;
}

/** Response header with the opaque id by which the audit log finds out why. */
export const REASON_ID_HEADER = 'Oncekey-Reason-Id';

/** How long a caller should wait before it repeats a request that could not be decided, where nothing else is said. */
const RETRY_AFTER_SECONDS = 1;

function retryAfterOf(thrown: unknown): number {
  const told = thrown instanceof OAuthError ? thrown.extras.retryAfterSeconds : undefined;
  return told ?? RETRY_AFTER_SECONDS;
}

/** The reason that a thrown value stands for. Whatever is not a refusal of ours is a fault of ours. */
export function reasonOf(thrown: unknown): RefusalReason {
  return thrown instanceof OAuthError ? thrown.reason : 'broker.fault';
}

/** Any thrown value as the caller may see it: text from the table, nothing from the error. */
export function toOAuthResponse(thrown: unknown): OAuthErrorResponse {
  const row: RefusalRow = REFUSALS[reasonOf(thrown)];
  const body: OAuthErrorBody = { error: row.error, error_description: row.says };
  const headers: Record<string, string> = {};
  if (row.status === 503 || row.status === 429) headers['Retry-After'] = String(retryAfterOf(thrown));
  if (row.status === 405) headers['Allow'] = 'POST';
  if (thrown instanceof OAuthError) {
    const { stepUp, dpopNonce, deferred } = thrown.extras;
    if (stepUp?.acrValues !== undefined) body.acr_values = stepUp.acrValues.join(' ');
    if (stepUp?.maxAgeSeconds !== undefined) body.max_age = stepUp.maxAgeSeconds;
    if (deferred !== undefined) Object.assign(body, membersOf(deferred));
    if (dpopNonce !== undefined) headers['DPoP-Nonce'] = dpopNonce;
    if (thrown.reasonId !== null) headers[REASON_ID_HEADER] = thrown.reasonId;
  }
  return { status: row.status, body, headers };
}

function membersOf({
  deferralCode,
  expiresInSeconds,
  intervalSeconds,
  bindingCode,
}: Deferred): Partial<OAuthErrorBody> {
  return {
    deferral_code: deferralCode,
    expires_in: expiresInSeconds,
    interval: intervalSeconds,
    binding_code: bindingCode,
  };
}
