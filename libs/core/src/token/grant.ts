import type { HttpOperation } from '../operation/http-operation.ts';
import type { EpochSeconds } from '../shared/clock.ts';
import type { JsonObject } from '../shared/strict-json.ts';
import type { RequesterContext } from '../transaction/transaction-token.ts';
import type { Act } from './act.ts';
import type { GrantWorkload } from './grant-workload.ts';

/** Who spends a token: the ledger's name and its incarnation, which changes whenever the ledger could have forgotten. */
export interface LedgerIdentity {
  readonly ledger: string;
  readonly incarnation: string;
}

/** The key that a token is bound to (RFC 7800): one that makes DPoP proofs, or that of a client certificate. */
export type Confirmation = { readonly jkt: string } | { readonly 'x5t#S256': string };

/** What the transaction token said that a token was earned with; transaction tokens that follow say it again. */
export interface CarriedTransaction {
  /** Who asked before, and the client, separated by commas. */
  readonly req_wl: string;
  readonly rctx: RequesterContext;
  readonly details?: JsonObject;
}

/** What a token permits. Sealed into it; members named as in JWT and RFC 7662. Times in seconds. */
export interface Grant {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly sub_iss: string;
  readonly client_id: string;
  /** Absent where nobody vouched for the client. */
  readonly workload?: GrantWorkload;
  /** Who acts for the subject; absent when the subject acts. */
  readonly act?: Act;
  /** UUID form of 48 bits of time and 80 random bits. Not a secret: the seal is. */
  readonly jti: string;
  readonly ledger: string;
  readonly inc: string;
  readonly iat: EpochSeconds;
  readonly exp: EpochSeconds;
  readonly cnf?: Confirmation;
  readonly authorization_details: readonly [HttpOperation];
  /** Catalog operation that it is. */
  readonly scope: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly auth_time?: EpochSeconds;
  /** When the subject signed in, as its token tells: what is revoked up to a time is told by it. */
  readonly signed_in?: EpochSeconds;
  /** The same of the actor. */
  readonly act_signed_in?: EpochSeconds;
  /** The subject's session at its identity provider. */
  readonly sid?: string;
  readonly email?: string;
  /** Id of the registered device whose key `cnf` names. */
  readonly device?: string;
  readonly txn: string;
  /** Absent where a sign-in earned it. */
  readonly transaction?: CarriedTransaction;
  readonly release: number;
  readonly policies: readonly string[];
  readonly uses: number;
}
