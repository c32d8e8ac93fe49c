import { readCatalogDocument, type ReleaseDocument } from '#core';
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { SeedSource } from '../seed/seed-source.ts';
import { filedPolicies } from './filed-policies.ts';
import { filedTests } from './filed-tests.ts';

/** What to do so that a folder says what a release says. */
export interface FolderChanges {
  /** By file name: the text to write, or null for a file that has to go. */
  readonly changes: ReadonlyMap<string, string | null>;
  /** Of those, the files that are there and say something else. */
  readonly conflicts: readonly string[];
}

const CATALOG_HEAD = '# The operations that policies can name, and what a client may claim.\n';
const TESTS_HEAD = '# What each policy must permit, and what it must not.\n';

/**
 * Compares a release with the files of a folder, by name. A file that says what the release says stays as it is,
 * however it says it; other policies go into files of their own, byte for byte.
 */
export function folderChanges(document: ReleaseDocument, files: ReadonlyMap<string, string>): FolderChanges {
  const { apis, claimed, policies, tests = [] } = document;
  const changes = new Map<string, string | null>();
  const missing = new Map(policies.map(({ id, cedar }) => [id, cedar]));
  for (const [file, text] of files) {
    if (!file.endsWith('.cedar')) continue;
    const read = filedPolicies([{ file, text }]);
    const sources = 'problems' in read ? [] : read.sources;
    if (sources.length > 0 && sources.every(({ id, cedar }) => missing.get(id) === cedar))
      for (const { id } of sources) missing.delete(id);
    else changes.set(file, null);
  }
  for (const [id, cedar] of missing) changes.set(`${id}.cedar`, cedar);

  const catalog = { apis: apis.map(({ id, operations }) => ({ id, operations })), claimed };
  if (!saysCatalog(files.get('catalog.yaml'), catalog))
    changes.set('catalog.yaml', CATALOG_HEAD + stringify(catalog));
  if (!saysTests(files.get('tests.yaml'), tests)) changes.set('tests.yaml', TESTS_HEAD + stringify(tests));
  return { changes, conflicts: [...changes.keys()].filter((file) => files.has(file)).toSorted() };
}

function saysCatalog(text: string | undefined, wanted: Pick<ReleaseDocument, 'apis' | 'claimed'>): boolean {
  if (text === undefined) return false;
  const read = readCatalogDocument(new SeedSource('catalog.yaml', text).value);
  return !('problems' in read) && isSame(catalogById(read), catalogById(wanted));
}

/** Neither APIs nor operations nor tags have an order. */
function catalogById({ apis, claimed }: Pick<ReleaseDocument, 'apis' | 'claimed'>): object {
  const operations = apis.flatMap((api) =>
    api.operations.map(({ id, method, path, tags }) => [
      id,
      { api: api.id, method, path, tags: [...new Set(tags)].toSorted() },
    ]),
  );
  return { operations: Object.fromEntries(operations), claimed };
}

function saysTests(text: string | undefined, wanted: NonNullable<ReleaseDocument['tests']>): boolean {
  if (text === undefined) return wanted.length === 0;
  const read = filedTests(new SeedSource('tests.yaml', text));
  const byId = (tests: typeof wanted): object => Object.fromEntries(tests.map((test) => [test.id, test]));
  return !('problems' in read) && isSame(byId(read.tests), byId(wanted));
}

function isSame(a: object, b: object): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
}
