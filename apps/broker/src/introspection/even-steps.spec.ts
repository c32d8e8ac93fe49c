import { STEP_MS, untilNextStep } from './even-steps.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it.each([
  { tookMs: 0, leavesAtMs: STEP_MS },
  { tookMs: 3, leavesAtMs: STEP_MS },
  { tookMs: STEP_MS - 1, leavesAtMs: STEP_MS },
  { tookMs: STEP_MS, leavesAtMs: 2 * STEP_MS },
  { tookMs: 3 * STEP_MS + 4, leavesAtMs: 4 * STEP_MS },
])('I-18: what took $tookMs ms leaves after $leavesAtMs ms', async ({ tookMs, leavesAtMs }) => {
  const beganAt = performance.now();
  jest.advanceTimersByTime(tookMs);
  let hasLeft = false;
  const left = untilNextStep(beganAt).then(() => (hasLeft = true));
  await jest.advanceTimersByTimeAsync(leavesAtMs - tookMs - 1);
  expect(hasLeft).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  await left;
  expect(hasLeft).toBe(true);
});
