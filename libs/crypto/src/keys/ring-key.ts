import type { KeyObject } from 'node:crypto';
import type { KeyLife } from '#core';

/** A 256-bit key of the ring, in memory only. One object per key: adapters hang what they derive on its identity. */
export interface SealingKey extends KeyLife {
  readonly use: 'seal';
  readonly secret: KeyObject;
}

/** A P-256 key of the ring, in memory only. */
export interface SigningKey extends KeyLife {
  readonly use: 'sign';
  readonly alg: 'ES256';
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicRingJwk;
}

export type RingKey = SealingKey | SigningKey;

/** A signing key as the world sees it (RFC 7517 §4). */
export interface PublicRingJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'ES256';
}

/** RFC 7517 §5. */
export interface PublicJwks {
  readonly keys: readonly PublicRingJwk[];
}
