import {
  Unavailable,
  type ClientDocument,
  type EventTransmitterDocument,
  type IdentityProviderDocument,
  type ResourceServerDocument,
} from '#core';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { orUnavailable } from './or-unavailable.ts';
import { RegistrationConflict, type RegistrationKind, type StoredRegistration } from './registration-kind.ts';

/** What every change of a row sets. Nobody who signed in has made it. */
const ANEW = `version = nextval('resource_version'), updated_at = clock_timestamp(), updated_by = NULL`;

/** Of what is known by its issuer. */
const putIssuer = (table: 'identity_provider' | 'event_transmitter'): string => `
  INSERT INTO ${table} (id, issuer, document) VALUES ($1, $2, $3)
  ON CONFLICT (id) DO UPDATE
     SET issuer = excluded.issuer, document = excluded.document,
         ${ANEW}`;

const PUT_CLIENT = `
  INSERT INTO client (client_id, document) VALUES ($1, $2)
  ON CONFLICT (client_id) DO UPDATE SET document = excluded.document,
         ${ANEW}`;

/** An INSERT that ends as an update has drawn a number all the same; hence the update first. */
const PUT_RESOURCE_SERVER = `
  WITH changed AS (
    UPDATE resource_server
       SET client_id = $2, resource = $3, document = $4, ${ANEW}
     WHERE id = $1
    RETURNING number
  ), made AS (
    INSERT INTO resource_server (id, client_id, resource, document)
    SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM changed)
    ON CONFLICT (id) DO UPDATE
       SET client_id = excluded.client_id, resource = excluded.resource, document = excluded.document,
           ${ANEW}
    RETURNING number
  )
  SELECT number FROM changed UNION ALL SELECT number FROM made`;

const LIST = `
  SELECT 'identity_provider' AS kind, id, enabled, document FROM identity_provider
  UNION ALL SELECT 'event_transmitter', id, enabled, document FROM event_transmitter
  UNION ALL SELECT 'client', client_id, enabled, document FROM client
  UNION ALL SELECT 'resource_server', id, enabled, document FROM resource_server
  ORDER BY kind, id`;

const SET_ENABLED: Record<RegistrationKind, string> = {
  identity_provider: `UPDATE identity_provider SET enabled = $2, ${ANEW} WHERE id = $1`,
  event_transmitter: `UPDATE event_transmitter SET enabled = $2, ${ANEW} WHERE id = $1`,
  client: `UPDATE client SET enabled = $2, ${ANEW} WHERE client_id = $1`,
  resource_server: `UPDATE resource_server SET enabled = $2, ${ANEW} WHERE id = $1`,
};

/**
 * Keeps the documents of registrations. It does not judge them: whoever puts one has read it with core's readers.
 * Putting one again replaces its document and leaves a disabled one disabled.
 *
 * Each method fails with Unavailable; `put...` also with RegistrationConflict.
 */
export class PostgresRegistrationStore {
  /** `pool`: or one connection of it, to put several in one transaction. */
  constructor(private readonly pool: Pool | PoolClient) {}

  async putIdentityProvider(document: IdentityProviderDocument): Promise<void> {
    await this.putIssuer('identity_provider', document);
  }

  async putEventTransmitter(document: EventTransmitterDocument): Promise<void> {
    await this.putIssuer('event_transmitter', document);
  }

  async putClient(document: ClientDocument): Promise<void> {
    await this.put('client', PUT_CLIENT, [document.client_id, toJson(document)]);
  }

  /** The number is given with the first put, and stays. */
  async putResourceServer(document: ResourceServerDocument): Promise<{ number: number }> {
    const { id, client_id, resource } = document;
    const [row] = await this.put('resource_server', PUT_RESOURCE_SERVER, [
      id,
      client_id,
      resource,
      toJson(document),
    ]);
    if (row === undefined) throw new Error('a resource server was put and no number came back');
    return row;
  }

  /** All of them, disabled ones too, by kind and id. */
  list(): Promise<readonly StoredRegistration[]> {
    return orUnavailable('registrations cannot be read', async () => {
      const { rows } = await this.pool.query<StoredRegistration>(LIST);
      return rows;
    });
  }

  /** False when there is none of this id. */
  setEnabled(kind: RegistrationKind, id: string, enabled: boolean): Promise<boolean> {
    return orUnavailable('registration cannot be changed', async () => {
      const { rowCount } = await this.pool.query(SET_ENABLED[kind], [id, enabled]);
      return rowCount === 1;
    });
  }

  private async putIssuer(
    kind: 'identity_provider' | 'event_transmitter',
    document: { readonly id: string; readonly issuer: string },
  ): Promise<void> {
    await this.put(kind, putIssuer(kind), [document.id, document.issuer, toJson(document)]);
  }

  private async put(kind: RegistrationKind, text: string, values: string[]): Promise<readonly NumberRow[]> {
    try {
      const { rows } = await this.pool.query<NumberRow>(text, values);
      return rows;
    } catch (error) {
      throw conflictIn(error, kind) ?? new Unavailable(`${kind} cannot be written`, error);
    }
  }
}

interface NumberRow {
  number: number;
}

function toJson(document: object): string {
  return JSON.stringify(document);
}

const UNIQUE_VIOLATION = '23505';

/** What each constraint guards. */
const GUARDED = new Map<string | undefined, RegistrationConflict['member']>([
  ['caller_id_pkey', 'client_id'],
  ['resource_server_client_id_key', 'client_id'],
  ['identity_provider_issuer_key', 'issuer'],
  ['event_transmitter_issuer_key', 'issuer'],
  ['resource_server_resource_key', 'resource'],
]);

function conflictIn(error: unknown, kind: RegistrationKind): RegistrationConflict | null {
  if (!(error instanceof DatabaseError) || error.code !== UNIQUE_VIOLATION) return null;
  const member = GUARDED.get(error.constraint);
  return member === undefined ? null : new RegistrationConflict(kind, member);
}
