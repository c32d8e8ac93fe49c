import type { BrokerAnswer } from './fetch-from-broker.ts';
import { OncekeyError } from './oncekey-error.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

/** Somebody has to approve an operation before there is a token for it. */
export interface Approval {
  /** No secret: whoever asks reads it to whoever approves, who sees the same one. Null where the broker has none. */
  readonly code: string | null;
  /** When it is too late. */
  readonly expiresAt: Date;
  /** What waits. */
  readonly operation: {
    readonly method: string;
    readonly url: string;
    /** SHA-256 of the body, standard base64; null when there is none. */
    readonly contentDigest: string | null;
  };
}

/** As a broker tells it: what to say to people, and by what the token is fetched. */
export interface Deferral {
  readonly approval: Approval;
  /** A secret like a refresh token. */
  readonly deferralCode: string;
  /** Between two questions. */
  readonly intervalSeconds: number;
}

const DEFERRAL_CODE = /^[A-Za-z0-9\-._~+/]{16,1024}=*$/;
const BINDING_CODE = /^[A-Z0-9-]{1,64}$/i;

/** Nobody is waited for longer than a day. */
const LONGEST_SECONDS = 86_400;
const INTERVAL_SECONDS = { default: 5, least: 1, most: 300 };

/**
 * The deferral in an answer of the token endpoint; null when it is another answer.
 *
 * Fails  OncekeyError `unexpected_answer`
 * Spec   draft-ietf-oauth-deferred-token-response, deferred response
 */
export function readDeferral(
  { status, json }: BrokerAnswer,
  { method, target, digest }: Pick<OutgoingRequest, 'method' | 'target' | 'digest'>,
): Deferral | null {
  if (status !== 400 || json?.['error'] !== 'authorization_pending') return null;
  const {
    deferral_code: code,
    expires_in: expiresIn,
    interval = INTERVAL_SECONDS.default,
    binding_code: binding,
  } = json;
  const isFit =
    typeof code === 'string' && DEFERRAL_CODE.test(code) && isCount(expiresIn) && isCount(interval);
  if (!isFit)
    throw new OncekeyError('unexpected_answer', { status, description: 'the answer is not a deferral' });
  return {
    approval: {
      code: typeof binding === 'string' && BINDING_CODE.test(binding) ? binding : null,
      expiresAt: new Date(Date.now() + Math.min(expiresIn, LONGEST_SECONDS) * 1000),
      operation: { method, url: target.href, contentDigest: digest },
    },
    deferralCode: code,
    intervalSeconds: Math.min(Math.max(interval, INTERVAL_SECONDS.least), INTERVAL_SECONDS.most),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
