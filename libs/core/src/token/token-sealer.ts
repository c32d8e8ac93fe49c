import type { Grant } from './grant.ts';

/** Every token begins with it, so that secret scanners find one that leaked. */
export const TOKEN_PREFIX = 'once_';

/** Longest token that is looked at, in characters. */
export const MAX_TOKEN_CHARS = 8192;

export type Unsealed<Content = Grant> =
  | { readonly opened: Content }
  | { readonly refused: 'token.malformed' | 'token.unknown_key' | 'token.forged' };

/** Seals what only the broker can open. What is sealed as one kind of content never opens as another. */
export interface Sealer<Content> {
  /**
   * A prefix that is the kind's own, and a compact JWE (`dir`, `A256GCM`) under the active sealing key.
   *
   * Fails  Unavailable when the key ring has no active key or cannot be confirmed
   */
  seal(content: Content): string;

  /**
   * Opens what was sealed. One token has exactly one spelling: a changed case, bit or length is `token.malformed` or
   * `token.forged`. Asks the key ring once more when the key is unknown, since another broker may just have made it.
   *
   * Fails  Unavailable when the key ring cannot be confirmed
   */
  unseal(token: string): Unsealed<Content> | Promise<Unsealed<Content>>;
}

/** Seals grants into tokens. */
export type TokenSealer = Sealer<Grant>;
