import { QuickstartProcess, START_MS } from './quickstart-process.ts';

/** A quickstart for all tests of a file; it is there from `beforeAll` on. */
export function useQuickstart(): () => QuickstartProcess {
  let quickstart: QuickstartProcess | null = null;
  let ended: Promise<number | null>;
  beforeAll(async () => {
    quickstart = await QuickstartProcess.onFreePorts();
    ({ ended } = await quickstart.start());
  }, START_MS);
  afterAll(async () => {
    quickstart?.signal('SIGTERM');
    await ended;
  }, 20_000);
  return () => {
    if (quickstart === null) throw new Error('the quickstart runs only inside tests');
    return quickstart;
  };
}
