import { join } from 'node:path';
import { quickstartFolder } from '#quickstart';
import { environment, PROJECT_ROOT } from './config.ts';
import { runQuickstart } from './run-quickstart.ts';
import { readSettings } from './settings.ts';
import { processScreen } from './screen.ts';

/** `npm start`. */
async function main(): Promise<number> {
  const screen = processScreen();
  const read = readSettings(process.argv.slice(2), environment, join(PROJECT_ROOT, '.quickstart'));
  if ('text' in read) {
    screen.write(read.text.trimEnd());
    return read.exitCode;
  }
  if (environment['NODE_ENV'] === 'production') {
    screen.write(
      'the quickstart is for development: NODE_ENV is production. `npm run start:prod` starts the broker.',
    );
    return 2;
  }
  return await runQuickstart(read.settings, quickstartFolder(read.settings.folder), screen);
}

void main().then((exitCode) => process.exit(exitCode));
