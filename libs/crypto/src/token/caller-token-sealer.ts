import type { CallerTokenClaims } from '#core';
import { JweSealer, type SealingKeys } from './jwe-sealer.ts';
import { CALLER_SEAL } from './seal-kind.ts';

/** Seals caller tokens. */
export class CallerTokenSealer extends JweSealer<CallerTokenClaims> {
  constructor(ring: SealingKeys) {
    super(ring, CALLER_SEAL);
  }
}
