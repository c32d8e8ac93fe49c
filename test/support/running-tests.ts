/** What the set-up leaves for the tear-down; both run in Jest's own process, once for all projects. */
interface RunningTests {
  stop(): Promise<void>;
}

const KEY = Symbol.for('oncekey.running-tests');
const place: Record<symbol, RunningTests | undefined> = globalThis as never;

export function runningTests(): RunningTests | null {
  return place[KEY] ?? null;
}

export function setRunningTests(running: RunningTests | null): void {
  place[KEY] = running ?? undefined;
}
