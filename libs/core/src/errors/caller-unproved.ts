import type { RefusalReason } from './refusals.ts';

/** Families of reasons that a request meets before it is known whose it is. */
const UNPROVED =
  /^(?:request|client|bearer|gateway|event)\.|^grant\.unsupported|^revocation\.(?:not_authenticated|replayed)$/;

/**
 * Those of them that somebody meets who has proved who they are. And `request.too_large`: APIs and gateways pass on what
 * strangers send them, and must not be shut out for its size.
 */
const EXCEPT: ReadonlySet<RefusalReason> = new Set([
  'request.too_large',
  'client.not_allowed',
  'client.revoked',
  'gateway.malformed',
  'event.foreign_subject',
]);

/** Was the request refused before anybody had proved to have sent it? Then it counts against where it came from. */
export function isCallerUnproved(reason: RefusalReason): boolean {
  return UNPROVED.test(reason) && !EXCEPT.has(reason);
}
