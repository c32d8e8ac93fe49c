import { Unavailable, type ExclusiveKeyStore, type KeyStore, type StoredKey } from '#core';

/** A key store for tests: many brokers may share one, and it can be made to fail. */
export class MemoryKeyStore implements KeyStore {
  rows: readonly StoredKey[] = [];
  isAway = false;
  readings = 0;
  private last: Promise<void> = Promise.resolve();

  async list(): Promise<readonly StoredKey[]> {
    this.readings++;
    await Promise.resolve();
    if (this.isAway) throw new Unavailable('the key store is away');
    return this.rows;
  }

  exclusively(work: (ring: ExclusiveKeyStore) => Promise<void>): Promise<void> {
    const run = this.last.then(() => this.inTransaction(work));
    this.last = run.catch(() => undefined);
    return run;
  }

  private async inTransaction(work: (ring: ExclusiveKeyStore) => Promise<void>): Promise<void> {
    if (this.isAway) throw new Unavailable('the key store is away');
    let rows = [...this.rows];
    await work({
      list: async () => rows,
      add: async (key) => void rows.push(key),
      remove: async (kid) => {
        rows = rows.filter((row) => row.kid !== kid);
      },
    });
    this.rows = rows;
  }
}
