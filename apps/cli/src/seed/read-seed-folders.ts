import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { SeedSource, type SeedProblem } from './seed-source.ts';

/** The registration files of a folder, each a list of documents. */
const REGISTRATION_FILES = {
  identityProviders: 'identity-providers.yaml',
  eventTransmitters: 'event-transmitters.yaml',
  clients: 'clients.yaml',
  resourceServers: 'resource-servers.yaml',
  roleBindings: 'role-bindings.yaml',
} as const;

/** In the order in which their problems are told. */
const REGISTRATION_PARTS = [
  'identityProviders',
  'eventTransmitters',
  'clients',
  'resourceServers',
  'roleBindings',
] as const satisfies readonly (keyof typeof REGISTRATION_FILES)[];

const CATALOG_FILE = 'catalog.yaml';
const TESTS_FILE = 'tests.yaml';

/** One document of a list, and where it stands. */
export interface SeedDocument {
  readonly document: unknown;
  problem(pointer: string, message: string): SeedProblem;
}

export interface PolicyFile {
  readonly file: string;
  readonly text: string;
}

/** What one or more folders say. Absent parts stay as they are in the database. */
export interface SeedParts {
  readonly identityProviders: readonly SeedDocument[];
  readonly eventTransmitters: readonly SeedDocument[];
  readonly clients: readonly SeedDocument[];
  readonly resourceServers: readonly SeedDocument[];
  readonly roleBindings: readonly SeedDocument[];
  readonly catalog: SeedSource | null;
  /** Tests of the policies. */
  readonly tests: SeedSource | null;
  /** Null when no folder has a policy file. */
  readonly policies: readonly PolicyFile[] | null;
  readonly problems: readonly SeedProblem[];
}

/**
 * Reads all files of the folders. What is wrong with the YAML itself is among the problems; nothing else is judged.
 *
 * Fails  Failure when a folder cannot be read, or holds nothing that can be seeded
 */
export async function readSeedFolders(folders: readonly string[]): Promise<SeedParts> {
  const problems: SeedProblem[] = [];
  const documents: Record<keyof typeof REGISTRATION_FILES, SeedDocument[]> = {
    identityProviders: [],
    eventTransmitters: [],
    clients: [],
    resourceServers: [],
    roleBindings: [],
  };
  const single = new Map<string, SeedSource>();
  const policies: PolicyFile[] = [];
  for (const folder of folders) {
    const names = await namesIn(folder);
    const read = async (name: string): Promise<SeedSource | null> => {
      if (!names.includes(name)) return null;
      const source = new SeedSource(join(folder, name), await readFile(join(folder, name), 'utf8'));
      problems.push(...source.problems);
      return source.problems.length === 0 ? source : null;
    };
    for (const part of REGISTRATION_PARTS) {
      const source = await read(REGISTRATION_FILES[part]);
      if (source === null) continue;
      if (Array.isArray(source.value)) documents[part].push(...listed(source, source.value));
      else problems.push(source.problem('#', 'must be a list of documents'));
    }
    for (const name of [CATALOG_FILE, TESTS_FILE]) {
      const own = await read(name);
      if (own === null) continue;
      const earlier = single.get(name);
      if (earlier === undefined) single.set(name, own);
      else problems.push(own.problem('#', `there is one already: ${earlier.file}`));
    }
    for (const name of names.filter((one) => one.endsWith('.cedar'))) {
      policies.push({ file: join(folder, name), text: await readFile(join(folder, name), 'utf8') });
    }
  }
  return {
    ...documents,
    catalog: single.get(CATALOG_FILE) ?? null,
    tests: single.get(TESTS_FILE) ?? null,
    policies: policies.length === 0 ? null : policies,
    problems,
  };
}

/** Sorted, so that the same folder always makes the same release. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Failure(`the folder ${folder} cannot be read`, undefined, { cause });
  });
  const known: readonly string[] = [...Object.values(REGISTRATION_FILES), CATALOG_FILE, TESTS_FILE];
  const ours = names.filter((name) => known.includes(name) || name.endsWith('.cedar'));
  if (ours.length === 0) {
    throw new Failure(`${folder} holds none of ${known.join(', ')} and no *.cedar file`);
  }
  return ours.toSorted();
}

function listed(source: SeedSource, values: readonly unknown[]): SeedDocument[] {
  return values.map((document, at) => ({
    document,
    problem: (pointer, message) => source.problem(`#/${at}${pointer.slice(1)}`, message),
  }));
}
