import { join } from 'node:path';

/** The environment as the quickstart was started with it. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** The repository: compiled files lie in `dist/apps/quickstart/src`. */
export const PROJECT_ROOT = join(__dirname, '../../../..');

/** What a child of the quickstart is told, as one JSON object in this variable. */
const CHILD_SETTINGS = 'ONCEKEY_QUICKSTART_CHILD';

export function childSettings(settings: Readonly<Record<string, string>>): Record<string, string> {
  return { [CHILD_SETTINGS]: JSON.stringify(settings) };
}

/**
 * What the quickstart told this process.
 *
 * Fails  Error when the process was started by anybody else
 */
export function readChildSettings<Name extends string>(names: readonly Name[]): Record<Name, string> {
  const settings: unknown = JSON.parse(process.env[CHILD_SETTINGS] ?? 'null');
  if (!hasTexts(settings, names)) throw new Error('this process is started by `npm start` only');
  return settings;
}

function hasTexts<Name extends string>(
  value: unknown,
  names: readonly Name[],
): value is Record<Name, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'string')
  );
}

/** Variables that would make a child something else than the quickstart means it to be. */
const OURS = /^(?:ONCEKEY_|PG[A-Z]|DATABASE_URL$|NODE_ENV$|NODE_CHANNEL_|npm_)/;

/** What children inherit: paths, locale, proxies; nothing that configures Oncekey or Postgres. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || OURS.test(name) ? [] : [[name, value]],
    ),
  );
}
