import { MicroBatcher } from './micro-batcher.ts';

const LIMITS = { maxInFlight: 2, worthAnother: 4, lingerMs: 10, maxBatch: 6, maxQueue: 10, maxWaitMs: 50 };

interface Batch {
  readonly items: readonly number[];
  finish(): void;
}

function setUp(limits = LIMITS) {
  const batches: Batch[] = [];
  const refused: { item: number; why: string }[] = [];
  const batcher = new MicroBatcher<number>(
    limits,
    (items) => new Promise((finish) => batches.push({ items, finish })),
    (item, why) => refused.push({ item, why }),
  );
  const add = (from: number, to: number): void => {
    for (let item = from; item <= to; item++) batcher.add(item);
  };
  return { batcher, batches, refused, add };
}

const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const aLinger = (): void => jest.advanceTimersByTime(LIMITS.lingerMs);

/** Time passes when the test says so; turns of the event loop come by themselves. */
beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
afterEach(() => jest.useRealTimers());
const sent = (batches: readonly Batch[]): (readonly number[])[] => batches.map(({ items }) => items);

describe('MicroBatcher', () => {
  it('sends what came in one turn of the event loop together, at once', async () => {
    const { batches, add } = setUp();
    add(1, 3);
    expect(batches).toEqual([]);
    await aTurn();
    expect(sent(batches)).toEqual([[1, 2, 3]]);
  });

  it('collects while a batch is under way, and a little longer when it returns', async () => {
    const { batches, add } = setUp();
    add(1, 1);
    await aTurn();
    add(2, 3);
    await aTurn();
    expect(sent(batches)).toEqual([[1]]);
    batches[0]!.finish();
    await aTurn();
    expect(sent(batches)).toEqual([[1]]);
    add(4, 4);
    aLinger();
    expect(sent(batches)).toEqual([[1], [2, 3, 4]]);
  });

  it('waits no longer than until enough have come', async () => {
    const { batches, add } = setUp();
    add(1, 1);
    await aTurn();
    add(2, 2);
    batches[0]!.finish();
    await aTurn();
    add(3, 5);
    await aTurn();
    expect(sent(batches)).toEqual([[1], [2, 3, 4, 5]]);
  });

  it('waits for nobody when nobody waited', async () => {
    const { batches, add } = setUp();
    add(1, 1);
    await aTurn();
    batches[0]!.finish();
    await aTurn();
    add(2, 2);
    await aTurn();
    expect(sent(batches)).toEqual([[1], [2]]);
  });

  it('sends a second batch when enough have come together, and never a third', async () => {
    const { batches, add } = setUp();
    add(1, 1);
    await aTurn();
    add(2, 5);
    await aTurn();
    add(6, 13);
    await aTurn();
    expect(sent(batches)).toEqual([[1], [2, 3, 4, 5]]);
    batches[1]!.finish();
    await aTurn();
    expect(sent(batches)).toEqual([[1], [2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]);
  });

  it('refuses at once what the queue has no place for', async () => {
    const { refused, add } = setUp();
    add(1, 12);
    expect(refused).toEqual([11, 12].map((item) => ({ item, why: 'too many requests wait for the ledger' })));
  });

  it('refuses what waited too long, and nothing that is under way', async () => {
    const { batches, refused, add } = setUp();
    add(1, 1);
    await aTurn();
    add(2, 3);
    jest.advanceTimersByTime(LIMITS.maxWaitMs);
    expect(refused).toEqual([]);
    jest.advanceTimersByTime(LIMITS.maxWaitMs / 10);
    expect(refused).toEqual([2, 3].map((item) => ({ item, why: 'the ledger did not answer in time' })));
    batches[0]!.finish();
    await aTurn();
    expect(batches).toHaveLength(1);
  });

  it('holds it against nobody that the process stood still', async () => {
    jest.useRealTimers();
    const { batches, refused, add } = setUp();
    add(1, 1);
    await aTurn();
    add(2, 3);
    const began = performance.now();
    while (performance.now() - began < 2 * LIMITS.maxWaitMs);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(refused).toEqual([]);
    batches[0]!.finish();
    await new Promise((resolve) => setTimeout(resolve, LIMITS.lingerMs + 5));
    expect(sent(batches)).toEqual([[1], [2, 3]]);
  });

  it('refuses what waits when it is closed, and waits for what is under way', async () => {
    const { batcher, batches, refused, add } = setUp();
    add(1, 1);
    await aTurn();
    add(2, 2);
    let isClosed = false;
    const closing = batcher.close().then(() => (isClosed = true));
    add(3, 3);
    expect(refused.map(({ item }) => item)).toEqual([2, 3]);
    await aTurn();
    expect(isClosed).toBe(false);
    batches[0]!.finish();
    await closing;
    expect(isClosed).toBe(true);
  });
});
