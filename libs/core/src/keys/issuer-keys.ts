import type { PublicKey } from './public-key.ts';

/** Somebody who publishes the keys that their tokens are signed with. */
export type KeyPublisher = {
  /** What reports of problems call it. */
  readonly id: string;
} & (
  | { readonly issuer: string }
  /** URL of a SPIFFE bundle, which no discovery leads to. */
  | { readonly bundleEndpoint: string }
  /** Issuer of a transmitter of security events, whose own metadata leads to them (SSF 1.0 §7). */
  | { readonly transmitter: string }
  /** URL of the key set itself. */
  | { readonly jwksUri: string }
);

/** The keys of identity providers and platforms, found through discovery and remembered (RFC 8414 §3, RFC 7517 §5). */
export interface IssuerKeys {
  /**
   * Keys of a registered publisher. A `kid` that is not among them makes it look again, at most once per cool-down.
   *
   * Fails  Unavailable when no key set is known, or the known one is too old to be believed
   */
  of(publisher: KeyPublisher, kid: string | null): Promise<readonly PublicKey[]>;
}
