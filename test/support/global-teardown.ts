import { runningTests, setRunningTests } from './running-tests.ts';

export default async function tearDown(): Promise<void> {
  const running = runningTests();
  setRunningTests(null);
  await running?.stop();
}
