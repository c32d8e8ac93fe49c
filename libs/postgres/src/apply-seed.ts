import type {
  ClientDocument,
  EventTransmitterDocument,
  IdentityProviderDocument,
  ResourceServerDocument,
  RoleBindingDocument,
} from '#core';
import type { Pool } from 'pg';
import { lockAdministration } from './admin/administration-lock.ts';
import { settleDraft, writeDraft } from './admin/draft-rows.ts';
import { demandFit } from './admin/registration-rules.ts';
import { putResource } from './admin/write-resources.ts';
import { inTransaction } from './in-transaction.ts';
import { PostgresRegistrationStore } from './registration-store.ts';
import { publishIn, type NewRelease } from './release-store.ts';

export interface SeedRegistrations {
  readonly identityProviders: readonly IdentityProviderDocument[];
  readonly eventTransmitters?: readonly EventTransmitterDocument[];
  readonly clients: readonly ClientDocument[];
  readonly resourceServers: readonly ResourceServerDocument[];
  readonly roleBindings?: readonly RoleBindingDocument[];
}

/** Registrations and perhaps a release that belong together. */
export interface Seed {
  readonly registrations: SeedRegistrations;
  /** Null: the live release stays. */
  readonly release: NewRelease | null;
  /** Number of the release that was live when the seed was checked; null for none. */
  readonly ifLive: number | null;
}

/**
 * Writes a checked seed in one transaction. Brokers see all of it at once. A release that is seeded is the draft from
 * then on: whoever edits goes on from what is live.
 *
 * Out    number of the new release; null when there is none
 * Fails  RegistrationConflict | ResourceConflict | ReleaseMoved | Unavailable, and nothing has changed
 */
export function applySeed(pool: Pool, { registrations, release, ifLive }: Seed): Promise<number | null> {
  return inTransaction(pool, 'the seed cannot be written', async (connection) => {
    await lockAdministration(connection);
    const store = new PostgresRegistrationStore(connection);
    for (const provider of registrations.identityProviders) await store.putIdentityProvider(provider);
    for (const transmitter of registrations.eventTransmitters ?? []) {
      await store.putEventTransmitter(transmitter);
      // Somebody may have registered its issuer since the seed was checked.
      const written = {
        kind: 'event_transmitter',
        id: transmitter.id,
        document: { ...transmitter },
      } as const;
      await demandFit(connection, written);
    }
    for (const server of registrations.resourceServers) await store.putResourceServer(server);
    for (const client of registrations.clients) await store.putClient(client);
    for (const document of registrations.roleBindings ?? []) {
      const binding = { kind: 'role_binding', id: document.id, document: { ...document } } as const;
      await putResource(connection, { ...binding, enabled: true, by: null });
    }
    if (release === null) return null;
    const number = await publishIn(connection, release, ifLive);
    await writeDraft(connection, release.document, null);
    await settleDraft(connection);
    return number;
  });
}
