/** Server nonces for DPoP (RFC 9449 §8): they bind a proof to this broker, this client, this minute and this ledger. */
export interface DpopNonces {
  /**
   * A nonce for proofs of this client.
   *
   * Fails  Unavailable while the key ring or the ledger's incarnation is not known
   */
  issue(clientId: string): string;

  /** Was it issued to this client, within the last minute, under the ledger's present incarnation? */
  isFresh(nonce: string, clientId: string): boolean;
}
