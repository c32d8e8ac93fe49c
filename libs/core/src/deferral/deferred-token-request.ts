import type { CallerCredentials } from '../caller/caller-credentials.ts';
import type { ObservedContext } from '../exchange/exchange-request.ts';

/** `POST /token` by a client that waits for an approval; every parameter checked for shape and none for truth. */
export interface DeferredTokenRequest {
  readonly credentials: CallerCredentials;
  readonly deferralCode: string;
  /** Each `DPoP` header field as it came. */
  readonly dpopProofs: readonly string[];
  readonly observed: ObservedContext;
}
