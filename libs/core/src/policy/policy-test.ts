import type { ClaimedValue } from './policy-request.ts';

/** What a test wants the permits that decide to demand, by the names of their annotations. */
export interface ExpectedObligations {
  readonly ttl?: number;
  readonly uses?: 1;
  readonly digest?: 'required';
  readonly acr?: string;
  readonly max_auth_age?: number;
  readonly proof?: 'dpop';
}

/** A question to the policies at a frozen time, and the answer it must have; members as in files and bodies. */
export interface PolicyTest {
  readonly id: string;
  /** A sentence. */
  readonly name: string;
  readonly principal: {
    readonly issuer: string;
    readonly subject: string;
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
  /** Thumbprint of the key that the caller proves; null or absent: no proof. */
  readonly device_key?: string | null;
  readonly has_digest?: boolean;
  readonly content_type?: string;
  readonly ip?: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  /** Instants are `2026-01-31T09:30:00Z`: ISO 8601, UTC, whole seconds. */
  readonly auth_time?: string;
  readonly time: string;
  readonly claimed?: Readonly<Record<string, ClaimedValue>>;
  readonly expect: {
    readonly decision: 'permit' | 'deny';
    /** Exactly those that decide; absent: whichever. */
    readonly policies?: readonly string[];
    /** Each named one; others may be there too. */
    readonly obligations?: ExpectedObligations;
  };
}
