import { ADMIN_API_ID, type JsonObject } from '#core';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../in-transaction.ts';
import { lockAdministration } from './administration-lock.ts';
import { ask } from './query.ts';
import { readResource } from './read-resources.ts';
import { insertResource, updateResource } from './write-resources.ts';

const WHAT = 'the key of the admin process cannot be announced';

/** As many keys as a registration may have. */
const MAX_KEYS = 16;

export interface AnnouncedKey {
  readonly kid: string;
  /** Public. */
  readonly jwk: JsonObject;
  readonly server: { readonly resource: string; readonly clientId: string };
}

/**
 * Registers an admin process as what it is to the broker: a resource server, with the keys of all admin processes that
 * were seen within the hour. Trust changes only when that is something new.
 *
 * Fails  ResourceConflict | Unavailable
 */
export function announceAdminKey(pool: Pool, { kid, jwk, server }: AnnouncedKey): Promise<void> {
  return inTransaction(pool, WHAT, async (connection) => {
    await lockAdministration(connection);
    await ask(connection, {
      what: WHAT,
      text: `INSERT INTO admin_key (kid, jwk) VALUES ($1, $2)
             ON CONFLICT (kid) DO UPDATE SET jwk = excluded.jwk, seen_at = clock_timestamp()`,
      values: [kid, JSON.stringify(jwk)],
    });
    const keys = await livingKeys(connection);
    const document = {
      id: ADMIN_API_ID,
      client_id: server.clientId,
      resource: server.resource,
      jwks: { keys },
      binding: 'enforced',
      proof: 'dpop',
    };
    await register(connection, document);
  });
}

async function livingKeys(connection: PoolClient): Promise<readonly unknown[]> {
  await ask(connection, {
    what: WHAT,
    text: `DELETE FROM admin_key WHERE seen_at < clock_timestamp() - interval '1 hour'`,
  });
  const { rows } = await ask<{ jwk: unknown }>(connection, {
    what: WHAT,
    text: `SELECT jwk FROM (SELECT kid, jwk FROM admin_key ORDER BY seen_at DESC LIMIT ${MAX_KEYS}) AS newest
            ORDER BY kid`,
  });
  return rows.map(({ jwk }) => jwk);
}

async function register(connection: PoolClient, document: JsonObject): Promise<void> {
  const write = { kind: 'resource_server', id: ADMIN_API_ID, document, enabled: true, by: null } as const;
  const stored = await readResource(connection, 'resource_server', ADMIN_API_ID);
  if (stored === null) {
    await insertResource(connection, write);
    return;
  }
  const { rows } = await ask<{ same: boolean }>(connection, {
    what: WHAT,
    text: 'SELECT document = $2::jsonb AS same FROM resource_server WHERE id = $1',
    values: [ADMIN_API_ID, JSON.stringify(document)],
  });
  if (rows[0]?.same === true) return;
  await updateResource(connection, { ...write, enabled: stored.enabled }, stored.version);
}
