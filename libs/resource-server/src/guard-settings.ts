import type { Refusal } from './decision.ts';

/** What a guard is told, whatever it runs on. */
export interface GuardSettings {
  /** Issuer identifier of the broker, exactly as the broker spells it. */
  readonly issuer: string;
  /** Found through the issuer's metadata when absent. */
  readonly introspectionEndpoint?: string;
  /** Where caller tokens are given out, for a guard that is told `introspectionEndpoint`; it looks nothing up. */
  readonly tokenEndpoint?: string;
  /**
   * Trade the key for caller tokens of a minute, where the broker gives them, instead of signing for each request.
   * Default true.
   */
  readonly callerTokens?: boolean;
  /** Under which this resource server authenticates at the broker. */
  readonly clientId: string;
  /**
   * Registered identifier of this resource server: its public base URL. Its origin is the one that requests are
   * held against; neither `Host` nor what a proxy says can choose another.
   */
  readonly resource: string;
  /**
   * Is every request brought by a proxy that sets `X-Forwarded-Host` and `X-Forwarded-Proto` itself? Then these must
   * name the public origin, instead of `Host`. Default false.
   */
  readonly trustProxy?: boolean;
  /** Take tokens that are bound to no key, where the broker issues them. Default false. */
  readonly acceptBearer?: boolean;
  /**
   * More members of the resource metadata (RFC 9728 §2), such as `resource_name`. False where nothing serves the
   * metadata: then no challenge points to it. Default: the members that follow from the other settings.
   */
  readonly metadata?: Readonly<Record<string, unknown>> | false;
  /** For one attempt to reach the broker. Default 2000. */
  readonly timeoutMs?: number;
  /** For all attempts together. Default 5000. */
  readonly deadlineMs?: number;
  /** Told of every request that `check` refuses, for a log. `token_in_query` means that a URL with a token went around. */
  readonly onRefusal?: (refusal: Refusal) => void;
}
