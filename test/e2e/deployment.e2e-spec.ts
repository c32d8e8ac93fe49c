import { deploy } from '../support/deployment/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const WITHIN_MS = 30_000;

/** Servers of this process that still listen: each of them keeps it from ending. */
const listening = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'TCPServerWrap').length;

/** A server that was closed is gone a turn of the event loop later. */
const expectListening = (count: number): Promise<number> =>
  eventually(() => listening() === count, WITHIN_MS);

it('a deployment that cannot be seeded, or does not start, leaves nothing behind that listens', async () => {
  const { url: databaseUrl } = await freshDatabase();
  const before = listening();

  await expect(deploy({ databaseUrl, policies: { broken: 'permit (' } })).rejects.toThrow('broken');
  await expectListening(before);

  await expect(deploy({ databaseUrl, env: { ONCEKEY_LEDGER_NAME: 'No Name' } })).rejects.toThrow();
  await expectListening(before);

  const deployment = await deploy({ databaseUrl });
  await expectListening(before + 1);
  await deployment.stop();
  await expectListening(before);
}, 120_000);
