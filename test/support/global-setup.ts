import { bundlePrograms } from './bundled-programs.ts';
import { runningTests, setRunningTests } from './running-tests.ts';
import { dropAll, makeTemplate } from './test-databases.ts';
import { startTestServer } from './test-server.ts';

/** Starts one server for everything that is tested in this run, and tells the workers where it is. */
export default async function setUp(): Promise<void> {
  if (runningTests() !== null) return;
  await bundlePrograms();
  const server = await startTestServer(process.env);
  try {
    const run = await makeTemplate(server.url);
    process.env['ONCEKEY_TEST_SERVER_URL'] = run.serverUrl;
    process.env['ONCEKEY_TEST_DATABASE_PREFIX'] = run.prefix;
    setRunningTests({
      stop: async () => {
        if (server.outlivesTests) await dropAll(run);
        await server.stop();
      },
    });
  } catch (error) {
    await server.stop();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the tests' database on ${server.origin} could not be made: ${why}`, { cause: error });
  }
}
