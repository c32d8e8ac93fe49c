import type { HttpOperation } from '../operation/http-operation.ts';
import type { EpochSeconds } from '../shared/clock.ts';
import type { JsonObject } from '../shared/strict-json.ts';
import type { Act } from '../token/act.ts';
import type { GrantWorkload } from '../token/grant-workload.ts';

/** Token type of a transaction token (draft-ietf-oauth-transaction-tokens). */
export const TXN_TOKEN = 'urn:ietf:params:oauth:token-type:txn_token';

/** `typ` of its header. */
export const TXN_TOKEN_TYP = 'txntoken+jwt';

/** What a transaction token says. It is no access token: it tells services behind an API on whose account they work. */
export interface TransactionClaims {
  readonly iss: string;
  /** The trust domain, which is called as its issuer is. */
  readonly aud: string;
  readonly iat: EpochSeconds;
  /** Never later than the end of the token that was spent. */
  readonly exp: EpochSeconds;
  /** As in the token that was spent, and in each audit event on its account. */
  readonly txn: string;
  /** `<issuer>|<sub>`: unique in the trust domain, whoever knows the subject. */
  readonly sub: string;
  /** Catalog operation that was permitted. */
  readonly scope: string;
  /** The workloads that asked for it, the first one first, separated by commas. */
  readonly req_wl: string;
  readonly act?: Act;
  readonly tctx: TransactionContext;
  readonly rctx: RequesterContext;
}

/** What is to be done. It is never changed, and only becomes less. */
export interface TransactionContext {
  readonly authorization_details: readonly [HttpOperation];
  /** Asserted by the workload that spent the token. */
  readonly details?: JsonObject;
}

/** In which circumstances. */
export interface RequesterContext {
  readonly client_id: string;
  /** As whom the client authenticated, where its platform vouches for it. */
  readonly workload?: GrantWorkload;
  readonly jkt?: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly auth_time?: EpochSeconds;
  /** Asserted by the workloads that asked. */
  readonly asserted?: JsonObject;
}
