import { Admission, BEGIN_PER_TURN, type AdmissionLimits } from './admission.ts';

const LIMITS: AdmissionLimits = { maxInFlight: 100, maxWaiting: 40, maxWaitMs: 50 };

/** An admission whose time and turns a test makes pass. */
function controlled(limits: Partial<AdmissionLimits> = {}) {
  let nowMs = 0;
  const turns: (() => void)[] = [];
  const begun: number[] = [];
  const refused: number[] = [];
  const admission = new Admission(
    { ...LIMITS, ...limits },
    { elapsedMs: () => nowMs, nextTurn: (run) => void turns.push(run) },
  );
  let last = 0;
  return {
    admission,
    begun,
    refused,
    enter: (count: number) => {
      for (let entered = 0; entered < count; entered++) {
        const id = ++last;
        admission.enter({ begin: () => void begun.push(id), refuse: () => void refused.push(id) });
      }
    },
    turn: () => {
      for (const run of turns.splice(0)) run();
    },
    /** In steps that count in full; the sweeper runs along. */
    pass: (ms: number) => {
      for (let passedMs = 0; passedMs < ms; passedMs += 10) {
        nowMs += 10;
        jest.advanceTimersByTime(10);
      }
    },
    pause: (ms: number) => void (nowMs += ms),
  };
}

const upTo = (count: number, from = 1): number[] => Array.from({ length: count }, (_, at) => from + at);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('begins a request at once, and so many in one turn of the loop; the others in their order', () => {
  const { begun, enter, turn } = controlled();
  enter(BEGIN_PER_TURN + 3);
  expect(begun).toEqual(upTo(BEGIN_PER_TURN));
  turn();
  expect(begun).toEqual(upTo(BEGIN_PER_TURN + 3));
});

it('works on so many at a time, and lets the next one begin when one has left', () => {
  const { admission, begun, enter, turn } = controlled({ maxInFlight: 2 });
  enter(4);
  turn();
  expect([begun, admission.load]).toEqual([[1, 2], { inFlight: 2, waiting: 2 }]);
  admission.leave();
  expect(begun).toEqual([1, 2, 3]);
});

it('nobody overtakes those who wait', () => {
  const { admission, begun, enter, turn } = controlled({ maxInFlight: 1 });
  enter(2);
  turn();
  admission.leave();
  enter(1);
  expect(begun).toEqual([1, 2]);
  turn();
  admission.leave();
  expect(begun).toEqual([1, 2, 3]);
});

it('is closed while the oldest has waited too long, and open again when it has begun', () => {
  const { admission, enter, pass, turn } = controlled({ maxInFlight: 1 });
  enter(2);
  pass(50);
  expect(admission.isOpen).toBe(true);
  pass(10);
  expect(admission.isOpen).toBe(false);
  turn();
  admission.leave();
  expect(admission.isOpen).toBe(true);
});

it('is closed while too many wait, and refuses whoever comes nevertheless', () => {
  const { admission, refused, enter } = controlled({ maxInFlight: 1, maxWaiting: 3 });
  enter(4);
  expect([admission.isOpen, refused]).toEqual([false, []]);
  enter(1);
  expect(refused).toEqual([5]);
});

it('refuses in time those whose turn does not come because something slow holds all places', () => {
  const { admission, begun, refused, enter, pass } = controlled({ maxInFlight: 1 });
  enter(3);
  pass(100);
  expect(refused).toEqual([]);
  pass(20);
  expect([refused, admission.load]).toEqual([[2, 3], { inFlight: 1, waiting: 0 }]);
  pass(100);
  admission.leave();
  enter(1);
  expect(begun).toEqual([1, 4]);
});

it('takes a pause of the process for nobody’s wait', () => {
  const { admission, refused, begun, enter, pass, pause, turn } = controlled();
  enter(BEGIN_PER_TURN + 3);
  pause(5_000);
  pass(10);
  expect([admission.isOpen, refused]).toEqual([true, []]);
  turn();
  expect(begun).toHaveLength(BEGIN_PER_TURN + 3);
});
