import { canonicalTargetUri, PLAIN_PROFILE, type ForwardAuthProfile, type Quota } from '#core';
import type { FakeKey } from './fake-signatures.ts';
import { ownKeys } from './own-keys.ts';

/** A resource server that a test can change. */
export const aServer = (id: string, resource: string, number: number, key: FakeKey) => ({
  authentication: ownKeys(key),
  quota: null as Quota | null,
  kind: 'resource_server' as const,
  clientId: id,
  id,
  number,
  version: '1',
  resource,
  base: canonicalTargetUri(resource, { allowHttpLoopback: false })!,
  binding: 'enforced' as 'enforced' | 'self',
  proof: 'dpop' as 'dpop' | 'none',
  introspection: { ...PLAIN_PROFILE },
  callerTokens: false,
  forwardAuth: null as ForwardAuthProfile | null,
});
