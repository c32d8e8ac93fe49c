import { CedarCompiler } from '#cedar';
import {
  applySeed,
  PostgresAdminStore,
  PostgresRegistrationStore,
  PostgresReleaseStore,
  type RegistrationKind,
  type StoredRegistration,
} from '#postgres';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { environment } from '../config.ts';
import { findDatabase } from '../database/find-database.ts';
import { withPool } from '../database/with-pool.ts';
import { EXIT } from '../failure.ts';
import { changedRegistrations } from '../seed/changed-registrations.ts';
import { checkRegistrations } from '../seed/check-registrations.ts';
import { checkRelease } from '../seed/check-release.ts';
import { readSeedFolders, type SeedParts } from '../seed/read-seed-folders.ts';
import { formatProblem, type SeedProblem } from '../seed/seed-source.ts';
import { seedSummary } from '../seed/seed-summary.ts';
import type { Terminal } from '../terminal.ts';

/** Loads folders into the database: all of it when nothing is wrong with any of it, else nothing. */
export async function seedCommand(
  terminal: Terminal,
  folders: readonly string[],
  options: { databaseUrl?: string },
): Promise<number> {
  const parts = await readSeedFolders(folders);
  const { url, isQuickstart } = await findDatabase(options.databaseUrl);
  const allowHttpLoopback = isQuickstart || environment['ONCEKEY_DEVELOPMENT'] === 'true';
  return withPool(url, async (pool, dataSource) => {
    const outcome = await seed({ pool, dataSource }, parts, { allowHttpLoopback });
    if ('done' in outcome) {
      for (const line of outcome.done) terminal.print(line);
      return EXIT.done;
    }
    for (const problem of outcome.problems) terminal.remark(formatProblem(problem));
    const count = outcome.problems.length;
    terminal.remark(`${count} ${count === 1 ? 'problem' : 'problems'}; nothing was changed`);
    return EXIT.refused;
  });
}

type SeedOutcome = { readonly done: readonly string[] } | { readonly problems: readonly SeedProblem[] };

async function seed(
  { pool, dataSource }: { pool: Pool; dataSource: DataSource },
  parts: SeedParts,
  rules: { allowHttpLoopback: boolean },
): Promise<SeedOutcome> {
  const [stored, bindings, live] = await Promise.all([
    new PostgresRegistrationStore(pool).list(),
    new PostgresAdminStore(dataSource).roleBindings(),
    new PostgresReleaseStore(pool).live(),
  ]);
  const release = checkRelease(parts, live?.document ?? null, new CedarCompiler());
  const registered = {
    identityProviders: documentsOf(stored, 'identity_provider'),
    eventTransmitters: documentsOf(stored, 'event_transmitter'),
    clients: documentsOf(stored, 'client'),
    resourceServers: documentsOf(stored, 'resource_server'),
  };
  const problems = [
    ...parts.problems,
    ...checkRegistrations(parts, registered, rules),
    ...(release.publish === null ? release.problems : []),
  ];
  if (problems.length > 0) return { problems };
  const bound = bindings.map(({ id, role, holder }) => ({ document: { id, role, ...holder } }));
  const registrations = changedRegistrations(parts, [...stored, ...bound], rules);
  const published = await applySeed(pool, {
    registrations,
    release: release.publish && {
      document: release.publish,
      author: 'oncekey seed',
      message: 'seeded from files',
    },
    ifLive: live?.number ?? null,
  });
  return { done: seedSummary(registrations, { published, live: live?.number ?? null }) };
}

function documentsOf(stored: readonly StoredRegistration[], kind: RegistrationKind): readonly unknown[] {
  return stored.filter((one) => one.kind === kind).map(({ document }) => document);
}
