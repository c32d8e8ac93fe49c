import { atOnce, inTurns, type Steps } from './steps.ts';

/** Works for a while in each of its steps. */
function* working(done: number[]): Steps<string> {
  for (let step = 0; step < 5; step++) {
    const began = performance.now();
    while (performance.now() - began < 6);
    done.push(step);
    yield;
  }
  return 'done';
}

it('at once: nothing else happens meanwhile', async () => {
  const done: number[] = [];
  const other = new Promise<number>((resolve) => setImmediate(() => resolve(done.length)));
  expect(atOnce(working(done))).toBe('done');
  expect(await other).toBe(5);
});

it('in turns: others are served between steps that take long', async () => {
  const done: number[] = [];
  const other = new Promise<number>((resolve) => setImmediate(() => resolve(done.length)));
  const outcome = inTurns(working(done));
  expect(await other).toBe(1);
  expect(await outcome).toBe('done');
  expect(done).toHaveLength(5);
});

it('in turns: what fails, fails', async () => {
  await expect(
    inTurns(
      (function* fails(): Steps<void> {
        yield;
        throw new Error('not so');
      })(),
    ),
  ).rejects.toThrow('not so');
});
