import { OncekeyError } from '../oncekey-error.ts';
import { makeDeviceKey, readSigningKey, type CryptoKeyPair } from '../signing-key.ts';
import type { IdbDatabase, IdbFactory } from './indexed-db.ts';

declare const indexedDB: IdbFactory;
declare const CryptoKey: abstract new () => unknown;

const DATABASE = 'oncekey';
const STORE = 'keys';

/**
 * The device key of this browser, for `dpopKey`: it stays in IndexedDB, outlives the page, and neither this page nor
 * whoever gets into it can take it away; they can only have it sign here. Where there is none, one is made; of several
 * tabs that do so at once all get the same.
 *
 * Fails  OncekeyError `unacceptable_key` when what is kept under this name is no such key, or nothing can be kept, as
 *        where a browser forbids it
 */
export async function keyInIndexedDb(name = 'device'): Promise<CryptoKeyPair> {
  const database = await open();
  try {
    const kept = await keep(database, name, null);
    // A key takes its time, and a transaction does not wait: whoever is first in the second one has made it.
    return await readPair(kept ?? (await keep(database, name, await makeDeviceKey())));
  } finally {
    database.close();
  }
}

function open(): Promise<IdbDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(unacceptable('IndexedDB cannot be opened', request.error));
    request.onblocked = () => reject(unacceptable('IndexedDB is held by another page', null));
  });
}

/** What is there under the name when it is done: `pair`, only where there was nothing. */
function keep(database: IdbDatabase, name: string, pair: CryptoKeyPair | null): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, pair === null ? 'readonly' : 'readwrite');
    const store = transaction.objectStore(STORE);
    const found = store.get(name);
    let kept: unknown;
    found.onsuccess = () => {
      kept = found.result ?? pair ?? undefined;
      if (found.result === undefined && pair !== null) store.put(pair, name);
    };
    transaction.oncomplete = () => resolve(kept);
    transaction.onabort = () => reject(unacceptable('the key cannot be kept', transaction.error));
  });
}

async function readPair(kept: unknown): Promise<CryptoKeyPair> {
  if (!isPair(kept) || kept.privateKey.extractable) throw unacceptable('another thing is kept there', null);
  await readSigningKey(kept);
  return kept;
}

function isPair(value: unknown): value is CryptoKeyPair {
  return (
    typeof value === 'object' &&
    value !== null &&
    'privateKey' in value &&
    value.privateKey instanceof CryptoKey &&
    'publicKey' in value &&
    value.publicKey instanceof CryptoKey
  );
}

function unacceptable(description: string, cause: Error | null): OncekeyError {
  return new OncekeyError('unacceptable_key', { description, ...(cause === null ? {} : { cause }) });
}
