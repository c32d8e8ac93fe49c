import {
  Unavailable,
  type AdminCaller,
  type AdminChange,
  type AdminTransaction,
  type AuditEvent,
  type ChangeResult,
  type JsonObject,
} from '#core';
import { oncekeyDataSource, PostgresAdminStore } from '#postgres';
import { Pool } from 'pg';
import { freshDatabase } from './fresh-database.ts';

export interface AdminStoreOnDatabase {
  readonly store: PostgresAdminStore;
  /** Of the database's owner. */
  readonly owner: Pool;
  readonly url: string;
  /** One change by `caller`, with one act, and without an Idempotency-Key unless there is one in `rest`. */
  change<Outcome>(
    work: (transaction: AdminTransaction) => Promise<Outcome>,
    rest?: Partial<Pick<AdminChange<Outcome>, 'caller' | 'idempotency'>>,
  ): Promise<ChangeResult<Outcome>>;
  /** As `change`, for what it must come to. */
  done<Outcome>(
    work: (transaction: AdminTransaction) => Promise<Outcome>,
    caller?: AdminCaller,
  ): Promise<Outcome>;
  /** As `done`, for one of many at once: whoever finds no connection free on a busy machine asks again. */
  raced<Outcome>(
    work: (transaction: AdminTransaction) => Promise<Outcome>,
    caller?: AdminCaller,
  ): Promise<Outcome>;
  events(): Promise<readonly AuditEvent[]>;
  close(): Promise<void>;
}

const ASKED_AT_MOST = 20;

/** The store with the role that the admin process has, on a database of its own. */
export async function adminStoreOnDatabase(poolSize = 10): Promise<AdminStoreOnDatabase> {
  const { url, drop } = await freshDatabase();
  const dataSource = oncekeyDataSource({
    url,
    poolSize,
    applicationName: 'admin-store',
    role: 'oncekey_admin',
  });
  await dataSource.initialize();
  const store = new PostgresAdminStore(dataSource);
  const owner = new Pool({ connectionString: url, max: 4 });
  const change: AdminStoreOnDatabase['change'] = (work, rest = {}) =>
    store.change({
      caller: aCaller('ada'),
      idempotency: null,
      ...rest,
      work: async (transaction) => {
        const outcome = await work(transaction);
        const act = { operation: 'admin.test.change', target: 'tests/1', before: null, after: 'digest' };
        return { outcome, acts: [act], answer: { status: 201, headers: { etag: '"1"' }, body: '{"a":1}' } };
      },
    });
  const done: AdminStoreOnDatabase['done'] = async (work, caller = aCaller('ada')) => {
    const result = await change(work, { caller });
    if ('done' in result) return result.done;
    throw new Error(JSON.stringify(result));
  };
  return {
    store,
    owner,
    url,
    change,
    done,
    raced: async (work, caller) => {
      for (let asked = 1; ; asked++) {
        try {
          return await done(work, caller);
        } catch (error) {
          if (!(error instanceof Unavailable) || asked === ASKED_AT_MOST) throw error;
        }
      }
    },
    events: async () => {
      const { rows } = await owner.query<{ event: AuditEvent }>('SELECT event FROM audit_event ORDER BY id');
      return rows.map(({ event }) => event);
    },
    close: async () => {
      await dataSource.destroy();
      await owner.end();
      await drop();
    },
  };
}

export function aCaller(subject: string): AdminCaller {
  return {
    issuer: 'https://login.example',
    subject,
    clientId: 'cli',
    txn: `txn-of-${subject}`,
    ip: '192.0.2.1',
    question: {} as AdminCaller['question'],
  };
}

export const aPolicy = (id: string, cedar = 'permit (principal, action, resource);') => ({
  id,
  document: { id, cedar } as JsonObject,
  enabled: true,
});

export const aProvider = (id: string, issuer = `https://${id}.example`) => ({
  id,
  document: { id, issuer } as JsonObject,
  enabled: true,
});

export const aServer = (id: string, resource = `https://${id}.example`) => ({
  id,
  document: { id, client_id: `${id}-api`, resource, jwks: { keys: [] } } as JsonObject,
  enabled: true,
});

export const aClientOf = (id: string, providers: string[], servers: string[]) => ({
  id,
  document: {
    client_id: id,
    jwks: { keys: [] },
    identity_providers: providers.map((provider) => ({ id: provider, audiences: ['a'] })),
    resource_servers: servers,
  } as JsonObject,
  enabled: true,
});

/** What a promise fails with; fails itself when it does not. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`it went well: ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
