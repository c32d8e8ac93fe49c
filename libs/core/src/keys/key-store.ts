import type { KeyLife } from './key-ring.ts';

/** A key as it is stored: its secret part encrypted under the key-encryption key. */
export interface StoredKey extends KeyLife {
  /** The private or symmetric JWK as a compact JWE (RFC 7516). */
  readonly sealedJwk: string;
}

/** Where the key ring rests. Knows no secret. */
export interface KeyStore {
  /** Fails  Unavailable */
  list(): Promise<readonly StoredKey[]>;

  /**
   * Runs `work` while no other process does, in one transaction: all of its changes or none.
   *
   * Fails  Unavailable, or what `work` throws; then nothing has changed
   */
  exclusively(work: (ring: ExclusiveKeyStore) => Promise<void>): Promise<void>;
}

export interface ExclusiveKeyStore {
  list(): Promise<readonly StoredKey[]>;
  add(key: StoredKey): Promise<void>;
  remove(kid: string): Promise<void>;
}
