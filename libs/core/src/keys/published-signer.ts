import type { PublicKey } from './public-key.ts';

/** Signs what others verify, with the keys that are published. */
export interface PublishedSigner {
  /**
   * A compact JWS, ES256, with the `kid` of the published key.
   *
   * Fails  Unavailable when the key ring has no active key or cannot be confirmed
   */
  sign(typ: string, claims: object): string;

  /** All keys of which something signed may still be about. */
  publicKeys(): readonly PublicKey[];
}
