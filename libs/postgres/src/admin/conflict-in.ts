import { ResourceConflict } from '#core';
import { DatabaseError } from 'pg';
import { RESOURCE_TABLES } from './resource-table.ts';

const UNIQUE_VIOLATION = '23505';

/** The member whose value each constraint keeps from being given twice. */
const GUARDED = new Map<string | undefined, string>([
  ...Object.values(RESOURCE_TABLES).map(({ table, idMember }): [string, string] => [
    `${table}_pkey`,
    idMember,
  ]),
  ['caller_id_pkey', 'client_id'],
  ['resource_server_client_id_key', 'client_id'],
  ['resource_server_resource_key', 'resource'],
  ['identity_provider_issuer_key', 'issuer'],
  ['event_transmitter_issuer_key', 'issuer'],
  ['device_key_pkey', 'keys'],
]);

/** The conflict that an error of the driver stands for; null for every other error. */
export function conflictIn(error: unknown): ResourceConflict | null {
  if (!(error instanceof DatabaseError) || error.code !== UNIQUE_VIOLATION) return null;
  const member = GUARDED.get(error.constraint);
  if (member === undefined) return null;
  return new ResourceConflict('exists', [{ pointer: `#/${member}`, message: 'is taken' }]);
}
