import { setImmediate as nextTurn } from 'node:timers/promises';
import { resolveInTurns } from './resolve-in-turns.ts';

it.each<[number, readonly number[]]>([
  [0, [0]],
  [16, [16]],
  [17, [16, 17]],
  [40, [16, 32, 40]],
])('lets %i go on, sixteen in each turn of the event loop and in their order', async (count, afterTurns) => {
  const gone: number[] = [];
  resolveInTurns(Array.from({ length: count }, (_, id) => ({ resolve: () => void gone.push(id) })));
  const seen: number[] = [];
  for (const _ of afterTurns) {
    seen.push(gone.length);
    await nextTurn();
  }
  expect(seen).toEqual(afterTurns);
  expect(gone).toEqual(Array.from({ length: count }, (_, id) => id));
});
