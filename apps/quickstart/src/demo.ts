import { join } from 'node:path';
import { quickstartFolder, readQuickstartEnvironment } from '#quickstart';
import { environment, PROJECT_ROOT } from './config.ts';
import { processScreen } from './screen.ts';
import { tellStory } from './story/tell-story.ts';

/** `npm run demo`: the story once more, against the quickstart that runs. */
async function demo(): Promise<number> {
  const screen = processScreen();
  const chosen = environment['ONCEKEY_QUICKSTART_DIR'];
  const path = chosen === undefined || chosen === '' ? join(PROJECT_ROOT, '.quickstart') : chosen;
  const folder = quickstartFolder(path);
  try {
    const running = await readQuickstartEnvironment(folder.environment);
    if (running === null)
      throw new Error('no quickstart runs: start one with `npm start`, in another terminal');
    return (await tellStory(screen, running, folder)) ? 0 : 1;
  } catch (error) {
    screen.write(screen.colours.red(error instanceof Error ? error.message : String(error)));
    return 1;
  }
}

void demo().then((exitCode) => process.exit(exitCode));
