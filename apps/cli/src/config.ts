import { homedir } from 'node:os';
import { join } from 'node:path';
import { quickstartFolder, type QuickstartFolder } from '#quickstart';

/** The environment as the command was started with it. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** The compiled project: this file lies in `dist/apps/cli/src`. */
export const DIST = join(__dirname, '../../..');

/** The private folder of the quickstart, running or not. */
export function ourQuickstart(): QuickstartFolder {
  const path = process.env['ONCEKEY_QUICKSTART_DIR'];
  return quickstartFolder(path === undefined || path === '' ? join(DIST, '../.quickstart') : path);
}

/** The private folder that `oncekey login` keeps its profile in. */
export function profileFolder(): string {
  const path = process.env['ONCEKEY_HOME'];
  if (path !== undefined && path !== '') return path;
  const base = process.env['XDG_CONFIG_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.config') : base, 'oncekey');
}
