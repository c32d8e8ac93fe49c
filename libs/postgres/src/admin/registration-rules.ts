import {
  AdminProblem,
  canonicalTargetUri,
  isJsonObject,
  isWithin,
  ResourceConflict,
  Unavailable,
  type JsonObject,
  type ResourceKind,
  type TargetUri,
} from '#core';
import type { PoolClient } from 'pg';
import { conflictIn } from './conflict-in.ts';
import { ask, askOne } from './query.ts';

type Registration = { readonly kind: ResourceKind; readonly id: string; readonly document: JsonObject };

const WHAT = 'other registrations cannot be read';

/**
 * What a registration has to be to others, beside the names that constraints guard. Under the lock of administration.
 *
 * Fails  ResourceConflict; AdminProblem admin.invalid for a client that names what there is not; Unavailable
 */
export async function demandFit(connection: PoolClient, written: Registration): Promise<void> {
  if (written.kind === 'resource_server') await demandApart(connection, written);
  if (written.kind === 'identity_provider') await demandOwnIssuer(connection, written, 'event_transmitter');
  if (written.kind === 'event_transmitter') await demandOwnIssuer(connection, written, 'identity_provider');
  if (written.kind === 'client') await demandKnown(connection, written.document);
}

/** A URL below another API's would belong to both. */
async function demandApart(connection: PoolClient, { id, document }: Registration): Promise<void> {
  const mine = baseOf(document['resource']);
  if (mine === null) return;
  const { rows } = await ask<{ id: string; resource: string }>(connection, {
    what: WHAT,
    text: 'SELECT id, resource FROM resource_server WHERE id <> $1',
    values: [id],
  });
  for (const other of rows) {
    const theirs = baseOf(other.resource);
    if (theirs === null || (!isWithin(mine, theirs) && !isWithin(theirs, mine))) continue;
    const message = `the URLs of ${other.id} and this one lie below one another`;
    throw new ResourceConflict('exists', [{ pointer: '#/resource', message }]);
  }
}

/** Whose word an event is, is known by its issuer alone. */
async function demandOwnIssuer(
  connection: PoolClient,
  { document }: Registration,
  others: 'identity_provider' | 'event_transmitter',
): Promise<void> {
  const text = `SELECT id FROM ${others} WHERE issuer = $1::text`;
  const other = await askOne<{ id: string }>(connection, { what: WHAT, text, values: [document['issuer']] });
  if (other === null) return;
  throw new ResourceConflict('exists', [{ pointer: '#/issuer', message: `is the issuer of ${other.id}` }]);
}

/** What may be registered at all is for others to say: here it is only compared. */
function baseOf(resource: unknown): TargetUri | null {
  return typeof resource === 'string' ? canonicalTargetUri(resource, { allowHttpLoopback: true }) : null;
}

/** A client names what there is. Whoever takes one of these away holds the lock too. */
async function demandKnown(connection: PoolClient, document: JsonObject): Promise<void> {
  const providers = (member: string) => ({
    member,
    table: 'identity_provider',
    ids: texts(listOf(document[member]).map((one) => (isJsonObject(one) ? one['id'] : one))),
  });
  const named = [
    providers('identity_providers'),
    providers('actors'),
    {
      member: 'resource_servers',
      table: 'resource_server',
      ids: texts(listOf(document['resource_servers'])),
    },
  ];
  const problems = [];
  for (const { member, table, ids } of named) {
    const { rows } = await ask<{ id: string }>(connection, {
      what: WHAT,
      text: `SELECT id FROM ${table} WHERE id = ANY ($1::text[])`,
      values: [ids],
    });
    const known = new Set(rows.map(({ id }) => id));
    for (const [at, id] of ids.entries()) {
      if (!known.has(id)) problems.push({ pointer: `#/${member}/${at}`, detail: `there is no ${id}` });
    }
  }
  if (problems.length > 0) throw new AdminProblem('admin.invalid', problems);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string');
}

/**
 * Nothing goes that something else refers to. Under the lock of administration.
 *
 * Fails  ResourceConflict | Unavailable
 */
export async function demandUnreferenced(
  connection: PoolClient,
  { kind, id }: Pick<Registration, 'kind' | 'id'>,
): Promise<void> {
  const text = REFERENCES.get(kind);
  if (text === undefined) return;
  const row = await askOne<{ by: string }>(connection, { what: WHAT, text, values: [id] });
  if (row === null) return;
  throw new ResourceConflict('referenced', [{ pointer: '#', message: `${row.by} refers to it` }]);
}

/** One that refers to what has the id $1. */
const REFERENCES = new Map<ResourceKind, string>([
  [
    'identity_provider',
    `SELECT 'the client ' || client_id AS by FROM client
      WHERE document -> 'identity_providers' @> jsonb_build_array(jsonb_build_object('id', $1::text))
         OR document -> 'actors' @> jsonb_build_array(jsonb_build_object('id', $1::text)) LIMIT 1`,
  ],
  [
    'resource_server',
    `SELECT 'the client ' || client_id AS by FROM client WHERE document -> 'resource_servers' ? $1::text
     UNION ALL
     SELECT 'the operation ' || id || ' of the draft' FROM draft_operation WHERE document ->> 'api' = $1::text
     UNION ALL
     SELECT 'the live release' FROM live_release JOIN release USING (number)
      WHERE document -> 'apis' @> jsonb_build_array(jsonb_build_object('id', $1::text))
      LIMIT 1`,
  ],
]);

/** Keeps the keys of a device where no other device can have them. Fails  ResourceConflict | Unavailable */
export async function claimDeviceKeys(
  connection: PoolClient,
  { id, document }: Pick<Registration, 'id' | 'document'>,
): Promise<void> {
  await ask(connection, { what: WHAT, text: 'DELETE FROM device_key WHERE device = $1', values: [id] });
  try {
    await connection.query(
      'INSERT INTO device_key (thumbprint, device) SELECT DISTINCT thumbprint, $1 FROM unnest($2::text[]) AS t (thumbprint)',
      [id, texts(listOf(document['keys']))],
    );
  } catch (error) {
    throw conflictIn(error) ?? new Unavailable('keys of a device cannot be written', error);
  }
}
