import type { BrokerErrorCode, LocalErrorCode, OncekeyError } from './oncekey-error.ts';

/** A failure in words, for the people who have to do something about it. */
export interface Explanation {
  readonly means: string;
  /** What to do next. */
  readonly remedy: string;
  /** Whose move it is. */
  readonly by: 'user' | 'developer' | 'operator';
  /** May the same call succeed later, without anybody changing anything? */
  readonly isPassing: boolean;
}

type Row = readonly [by: Explanation['by'], means: string, remedy: string];

const PASSING = new Set(['unreachable', 'timed_out', 'temporarily_unavailable', 'server_error']);

const ROWS: Readonly<Record<LocalErrorCode | BrokerErrorCode, Row>> = {
  unreachable: [
    'operator',
    'the broker could not be reached',
    'check the issuer URL, the network and whether the broker runs',
  ],
  timed_out: [
    'operator',
    'the broker did not answer in time',
    'try again; if it stays so, look at the load of the broker',
  ],
  temporarily_unavailable: [
    'operator',
    'the broker cannot decide now',
    'try again after Retry-After; if it stays so, look at its health',
  ],
  server_error: ['operator', 'the broker has failed', 'look into its log'],
  unexpected_answer: [
    'developer',
    'the answer is not one of a broker',
    'check that the issuer URL is the one of the broker, and what stands between',
  ],
  wrong_issuer: [
    'developer',
    'the broker calls itself by another name',
    'spell the issuer exactly as its metadata does',
  ],
  unacceptable_uri: [
    'developer',
    'no token can be had for this URL',
    'use https and a plain path, below one of the resources',
  ],
  unacceptable_key: [
    'developer',
    'the client has no key, or one that cannot sign',
    'give a private P-256, Ed25519 or RSA key, or whatever else vouches for the client',
  ],
  no_token: [
    'developer',
    'the file, variable, program or platform gave no token',
    'check that it is there, and that this process may have it',
  ],
  sign_in_failed: [
    'user',
    'the sign-in came to nothing',
    'sign in again; windows of this page must be allowed to open',
  ],
  body_too_large: [
    'developer',
    'the body is larger than the client holds in memory',
    'send less, or raise maxBodyBytes',
  ],
  access_denied: ['user', 'somebody has said no', 'ask for something else, or ask them why'],
  authorization_pending: [
    'user',
    'somebody has to approve the operation, and nobody has yet',
    'ask them; set onApproval, and the call waits for it',
  ],
  expired_token: [
    'user',
    'nobody has approved the operation in time',
    'ask whoever approves, and call again',
  ],
  slow_down: ['developer', 'the broker was asked too often', 'ask it less often'],
  insufficient_user_authentication: [
    'user',
    'the policy demands another or a more recent sign-in',
    'sign in again as stepUp says, or set onStepUp',
  ],
  invalid_authorization_details: [
    'user',
    'this operation is not permitted now, or is none that the broker knows',
    'ask an auditor with the reason id; check method and path against the catalog',
  ],
  invalid_client: [
    'developer',
    'the broker does not know this client or its key',
    'check the client id and the registered key, and the clock of this machine',
  ],
  invalid_dpop_proof: [
    'developer',
    'the proof of the device key was not taken',
    'check the clock of this machine',
  ],
  invalid_grant: ['developer', 'the assertion of the user was not taken', 'get a fresh one'],
  invalid_request: [
    'developer',
    'a token or a parameter was not taken; often the ID token has expired',
    'return a fresh ID token from subjectToken, of a registered identity provider and audience',
  ],
  invalid_scope: ['developer', 'the scope is not the operation', 'leave it out'],
  invalid_target: [
    'developer',
    'the API is not registered, or not for this client',
    'check resources against the registered identifiers',
  ],
  unauthorized_client: ['operator', 'the client may not do this', 'change its registration'],
  unsupported_grant_type: [
    'developer',
    'the broker does not know this kind of request',
    'check that the issuer is a broker',
  ],
  use_dpop_nonce: [
    'developer',
    'the broker hands out nonces faster than they are used',
    'check that nothing strips the DPoP-Nonce header',
  ],
};

/** What a failure means and what to do. Codes that are not known here are told as the broker tells them. */
export function explain({ code, description, reasonId }: OncekeyError): Explanation {
  const [by, means, remedy]: Row = isKnown(code)
    ? ROWS[code]
    : ['operator', description ?? `the broker refused: ${code}`, 'ask whoever runs the broker'];
  return {
    by,
    means,
    remedy: reasonId === null ? remedy : `${remedy} (reason id ${reasonId})`,
    isPassing: PASSING.has(code),
  };
}

function isKnown(code: string): code is keyof typeof ROWS {
  return Object.hasOwn(ROWS, code);
}
