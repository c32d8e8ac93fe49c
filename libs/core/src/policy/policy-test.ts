import type { ClaimedValue } from './policy-request.ts';

/** What somebody says of a device. */
export interface HypotheticalPosture {
  readonly compliant?: boolean;
  readonly facts?: readonly string[];
  readonly attested_by?: string;
  /** How old the report of all this is, in seconds; default 0. */
  readonly posture_age?: number;
}

/** A request that somebody might make, at a frozen time; members as in files and bodies. */
export interface HypotheticalRequest {
  readonly principal: {
    readonly issuer: string;
    readonly subject: string;
    /** As policies see them: with the identity provider's prefix. */
    readonly groups: readonly string[];
    readonly email?: string;
  };
  /** Catalog operation id. */
  readonly operation: string;
  /** One value per path parameter of the operation, percent-encoded as in a URI. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of the target URI, without its question mark. */
  readonly query?: string;
  readonly client?: string;
  /** Who acts for the principal; `depth` counts who acted before as well. */
  readonly actor?: { readonly issuer: string; readonly subject: string; readonly depth?: number };
  /** A service trades a transaction token: of which operation, and who asked before, the first one first. */
  readonly transaction?: { readonly operation: string; readonly workloads: readonly string[] };
  /** Thumbprint of the key that the caller proves; null or absent: no proof. */
  readonly device_key?: string | null;
  /** What is known of that key's device; absent: it is not registered. */
  readonly device?: {
    readonly owner_matches?: boolean;
    readonly platform: string;
  } & HypotheticalPosture;
  /** What the client's attester says of the key's device, in place of any other report; absent: nothing. */
  readonly attested?: HypotheticalPosture;
  readonly has_digest?: boolean;
  /** The client names the operation by `scope`: the path's parameters, query and body are not known. */
  readonly by_scope?: boolean;
  readonly content_type?: string;
  readonly ip?: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  /** Instants are `2026-01-31T09:30:00Z`: ISO 8601, UTC, whole seconds. */
  readonly auth_time?: string;
  readonly time: string;
  readonly claimed?: Readonly<Record<string, ClaimedValue>>;
  /** Groups that have approved this very request; absent: nobody has. */
  readonly approved_by?: readonly string[];
}

/** What the permits that decide demand, by the names and in the spelling of their annotations. */
export interface NamedObligations {
  readonly ttl?: number;
  readonly uses?: number;
  readonly digest?: 'required';
  /** Several are separated by blanks; their order does not matter. */
  readonly acr?: string;
  readonly max_auth_age?: number;
  readonly proof?: 'dpop';
  readonly target?: 'exact';
  /** Groups; their order does not matter. */
  readonly approval?: readonly string[];
}

/** The answer that a question must have. */
export interface PolicyExpectation {
  readonly decision: 'permit' | 'deny';
  /** Exactly those that decide; absent: whichever. */
  readonly policies?: readonly string[];
  /** Each one that is named; others may be there too. */
  readonly obligations?: NamedObligations;
}

/** A stored test case: what a request would get has to be what is expected. */
export interface PolicyTest extends HypotheticalRequest {
  readonly id: string;
  /** A sentence. */
  readonly name: string;
  readonly expect: PolicyExpectation;
}
