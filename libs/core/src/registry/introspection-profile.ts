/** Members of a positive answer that may be told under a second name: strings that every answer has. */
export const ALIASED_MEMBERS = ['sub', 'client_id', 'aud', 'iss', 'jti', 'txn', 'htm', 'htu'] as const;

export type AliasedMember = (typeof ALIASED_MEMBERS)[number];

/**
 * What `exp` a resource server is told. Much software keeps a positive answer until then and asks no more, which for a
 * token of one use is as long as somebody else can use it.
 *
 * - `token` when the token dies: for software that asks for every request
 * - `soon`  a second after the answer: for software that keeps answers and refuses an `exp` that is past
 * - `past`  the second of the answer, which is over: for software that keeps answers and does not look at the time
 */
export const TOLD_EXPIRIES = ['token', 'soon', 'past'] as const;

/** How a resource server wants to be answered. */
export interface IntrospectionProfile {
  readonly exp: (typeof TOLD_EXPIRIES)[number];
  /** Other names, and the members whose values are told under them too. */
  readonly aliases: ReadonlyMap<string, AliasedMember>;
  /** It may look at its tokens without spending them. */
  readonly peek: boolean;
}

export const PLAIN_PROFILE: IntrospectionProfile = { exp: 'token', aliases: new Map(), peek: false };
