import fc from 'fast-check';

/** `npm run fuzz` asks for more. A seed that was printed makes the same run again. */
const RUNS = Number(process.env['ONCEKEY_FUZZ_RUNS'] ?? 2_000);
const SEED = Number(process.env['ONCEKEY_FUZZ_SEED'] ?? Date.now() % 2 ** 31);

/** Properties that share the runs, in all files. */
const PROPERTIES = 10;
const RUNS_PER_PROPERTY = Math.ceil(RUNS / PROPERTIES);
/** Of a whole property. */
jest.setTimeout(60_000 + RUNS_PER_PROPERTY * 200);

/** Says what makes the same run again. */
export function announce(): void {
  process.stderr.write(`fuzz: seed ${SEED}, ${RUNS} runs\n`);
}

/** Holds a property for its share of the runs. */
export async function check<Values extends [unknown, ...unknown[]]>(
  property: fc.IAsyncProperty<Values>,
): Promise<void> {
  const began = performance.now();
  await fc.assert(property, { seed: SEED, numRuns: RUNS_PER_PROPERTY });
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(
    `fuzz: ${RUNS_PER_PROPERTY} runs in ${seconds} s: ${expect.getState().currentTestName}\n`,
  );
}
