import { CallerIdEntity } from './caller-id.entity.ts';
import { ClientEntity } from './client.entity.ts';
import { DeviceKeyEntity } from './device-key.entity.ts';
import { DeviceEntity } from './device.entity.ts';
import { DraftContextAttributeEntity } from './draft-context-attribute.entity.ts';
import { DraftOperationEntity } from './draft-operation.entity.ts';
import { DraftPolicyTestEntity } from './draft-policy-test.entity.ts';
import { DraftPolicyEntity } from './draft-policy.entity.ts';
import { EventTransmitterEntity } from './event-transmitter.entity.ts';
import { IdentityProviderEntity } from './identity-provider.entity.ts';
import { KeyRingEntity } from './key-ring.entity.ts';
import { LiveReleaseEntity } from './live-release.entity.ts';
import { ReleaseEntity } from './release.entity.ts';
import { ResourceServerEntity } from './resource-server.entity.ts';
import { RoleBindingEntity } from './role-binding.entity.ts';
import { TrustRevisionEntity } from './trust-revision.entity.ts';

/** Every table that an entity describes; test/integration/schema.int-spec.ts holds them against the migrations. */
export const ENTITIES = [
  IdentityProviderEntity,
  EventTransmitterEntity,
  ClientEntity,
  ResourceServerEntity,
  CallerIdEntity,
  ReleaseEntity,
  LiveReleaseEntity,
  KeyRingEntity,
  TrustRevisionEntity,
  DeviceEntity,
  DeviceKeyEntity,
  RoleBindingEntity,
  DraftPolicyEntity,
  DraftPolicyTestEntity,
  DraftOperationEntity,
  DraftContextAttributeEntity,
] as const;
