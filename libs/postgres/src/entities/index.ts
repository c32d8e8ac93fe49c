import { CallerIdEntity } from './caller-id.entity.ts';
import { ClientEntity } from './client.entity.ts';
import { IdentityProviderEntity } from './identity-provider.entity.ts';
import { KeyRingEntity } from './key-ring.entity.ts';
import { LiveReleaseEntity } from './live-release.entity.ts';
import { ReleaseEntity } from './release.entity.ts';
import { ResourceServerEntity } from './resource-server.entity.ts';
import { TrustRevisionEntity } from './trust-revision.entity.ts';

/** Every table that an entity describes; test/integration/schema.int-spec.ts holds them against the migrations. */
export const ENTITIES = [
  IdentityProviderEntity,
  ClientEntity,
  ResourceServerEntity,
  CallerIdEntity,
  ReleaseEntity,
  LiveReleaseEntity,
  KeyRingEntity,
  TrustRevisionEntity,
] as const;
