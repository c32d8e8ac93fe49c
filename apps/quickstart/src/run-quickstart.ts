import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QuickstartFolder } from '#quickstart';
import { showNextSteps } from './story/show-next-steps.ts';
import { showUrls } from './story/show-urls.ts';
import { tellStory } from './story/tell-story.ts';
import { endWanted } from './process/end-signal.ts';
import { Household } from './process/household.ts';
import { startAll } from './process/start-all.ts';
import { findTakenPort } from './process/taken-port.ts';
import type { Screen } from './screen.ts';
import type { QuickstartSettings } from './settings.ts';
import { environmentOf } from './setup/prepare-folder.ts';
import { urlsOf } from './setup/urls.ts';

/**
 * Starts everything, tells the story and stays until it is told to end or something dies.
 *
 * Out    exit code: 0 when it was told to end, 1 when it could not start or lost a part
 */
export async function runQuickstart(
  settings: QuickstartSettings,
  folder: QuickstartFolder,
  screen: Screen,
): Promise<number> {
  const taken = await findTakenPort(settings.ports);
  if (taken !== null) {
    screen.write(screen.colours.red(taken));
    return 1;
  }
  const household = new Household();
  process.on('exit', () => household.kill());
  const wanted = endWanted(() => process.exit(1)).then(() => null);
  const lost = household.loss;
  const urls = urlsOf(settings.ports);
  const startedAt = performance.now();
  const life = startAll(household, { settings, folder, urls }).then(async () => {
    const environment = environmentOf(folder, urls);
    showUrls(screen, environment, { folder, tookMs: performance.now() - startedAt });
    await tellStory(screen, environment, folder);
    showNextSteps(screen, environment);
    return await lost;
  });
  const fault = await Promise.race([wanted, lost, life.catch((error: unknown) => sayFault(error, lost))]);
  if (fault === null) screen.write(screen.colours.dim('\nstopping ...'));
  else screen.write(screen.colours.red(`\n${fault}`));
  await household.stop();
  // Nothing answers any more: whoever looks should find no addresses and no dead keys.
  await Promise.all(
    [
      folder.environment,
      folder.databaseUrl,
      folder.keyEncryptionKey,
      folder.clientKey,
      folder.resourceServerKey,
    ].map((file) => rm(file, { force: true })),
  );
  return fault === null ? 0 : 1;
}

/** Where a part has just died, that is what to tell: the error is only how the others noticed. */
async function sayFault(error: unknown, lost: Promise<string>): Promise<string> {
  const noticed = await Promise.race([lost, sleep(NOTICE_MS, null)]);
  return noticed ?? (error instanceof Error ? error.message : String(error));
}

const NOTICE_MS = 1_000;
