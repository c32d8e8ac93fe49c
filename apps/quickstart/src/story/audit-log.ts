import { readFile } from 'node:fs/promises';
import type { AuditEvent } from '#core';
import { oncekeyDataSource, poolOf, PostgresAuditReader } from '#postgres';
import type { QuickstartFolder } from '#quickstart';

/** The audit log of the running quickstart. */
export interface AuditLog {
  /** What a reason id stands for, or how a transaction ended; null when the log knows nothing of it. */
  find(id: string): Promise<AuditEvent | null>;
  close(): Promise<void>;
}

/** Fails  Error when the database does not answer */
export async function openAuditLog(folder: QuickstartFolder): Promise<AuditLog> {
  const url = (await readFile(folder.databaseUrl, 'utf8')).trim();
  const dataSource = oncekeyDataSource({ url, poolSize: 1, applicationName: 'oncekey-story' });
  await dataSource.initialize();
  const reader = new PostgresAuditReader(poolOf(dataSource));
  return {
    find: async (id) => (await reader.byReasonId(id)).at(-1) ?? (await reader.byTxn(id)).at(-1) ?? null,
    close: () => dataSource.destroy(),
  };
}
