import type { OwnKeys } from '#core';
import type { FakeKey } from './fake-signatures.ts';

/** A caller that signs its own assertions with this key. */
export function ownKeys({ publicKey }: FakeKey) {
  return {
    method: 'private_key_jwt' as const,
    keys: [publicKey],
    algorithms: ['ES256'] as const,
    legacyAudience: false,
    maxAssertionSeconds: 600,
  } satisfies OwnKeys;
}
