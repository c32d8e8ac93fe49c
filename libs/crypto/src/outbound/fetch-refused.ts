/**
 * - `bad_url`            not an https URL in canonical form, userinfo, a port or a name that is not for us
 * - `forbidden_address`  the name leads to an address that is not on the public internet
 * - `unresolvable`       the name leads nowhere
 * - `unreachable`        no connection, no TLS, or the connection broke; `detail` is the system's error code
 * - `redirected`         the server wants us elsewhere; we do not go
 * - `bad_status`         any other status than 200
 * - `encoded`            a compressed answer, which we did not ask for
 * - `too_large`, `too_slow`
 * - `not_json`           not one strict JSON object
 */
export type FetchRefusal =
  | 'bad_url'
  | 'forbidden_address'
  | 'unresolvable'
  | 'unreachable'
  | 'redirected'
  | 'bad_status'
  | 'encoded'
  | 'too_large'
  | 'too_slow'
  | 'not_json';

export interface RefusedAnswer {
  readonly status: number;
  /** `Retry-After` (RFC 9110 §10.2.3), in milliseconds from now; null where there is none, or none that can be read. */
  readonly retryAfterMs: number | null;
}

/** A document that was not fetched. Holds nothing that the server sent but its status. */
export class FetchRefused extends Error {
  override readonly name = 'FetchRefused';

  constructor(
    readonly refusal: FetchRefusal,
    readonly detail: string | null = null,
    /** Of an answer that was refused for its status. */
    readonly answered: RefusedAnswer | null = null,
  ) {
    super(detail === null ? refusal : `${refusal}: ${detail}`);
  }
}
