import type { Grant } from '#core';
import { JweSealer, type SealingKeys } from './jwe-sealer.ts';
import { GRANT_SEAL } from './seal-kind.ts';

/** Seals grants into the tokens that permit operations. */
export class GrantSealer extends JweSealer<Grant> {
  constructor(ring: SealingKeys) {
    super(ring, GRANT_SEAL);
  }
}
