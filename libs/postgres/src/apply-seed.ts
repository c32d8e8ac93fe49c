import type { ClientDocument, IdentityProviderDocument, ResourceServerDocument } from '#core';
import type { Pool } from 'pg';
import { inTransaction } from './in-transaction.ts';
import { PostgresRegistrationStore } from './registration-store.ts';
import { publishIn, type NewRelease } from './release-store.ts';

export interface SeedRegistrations {
  readonly identityProviders: readonly IdentityProviderDocument[];
  readonly clients: readonly ClientDocument[];
  readonly resourceServers: readonly ResourceServerDocument[];
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
 * Writes a checked seed in one transaction. Brokers see all of it at once.
 *
 * Out    number of the new release; null when there is none
 * Fails  RegistrationConflict | ReleaseMoved | Unavailable, and nothing has changed
 */
export function applySeed(pool: Pool, { registrations, release, ifLive }: Seed): Promise<number | null> {
  return inTransaction(pool, 'the seed cannot be written', async (connection) => {
    const store = new PostgresRegistrationStore(connection);
    for (const provider of registrations.identityProviders) await store.putIdentityProvider(provider);
    for (const server of registrations.resourceServers) await store.putResourceServer(server);
    for (const client of registrations.clients) await store.putClient(client);
    return release === null ? null : publishIn(connection, release, ifLive);
  });
}
