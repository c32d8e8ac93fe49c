import { CALLER_TOKEN_PREFIX, TOKEN_PREFIX } from '#core';

/** What sets one kind of sealed token apart from another: the prefix for readers, the header for the seal itself. */
export interface SealKind {
  readonly prefix: string;
  /** `typ` of the protected header, which the seal covers; null where there is none. */
  readonly typ: string | null;
}

/** Tokens that permit an operation. */
export const GRANT_SEAL: SealKind = { prefix: TOKEN_PREFIX, typ: null };

/** Tokens by which a resource server says who asks. */
export const CALLER_SEAL: SealKind = { prefix: CALLER_TOKEN_PREFIX, typ: 'caller' };
