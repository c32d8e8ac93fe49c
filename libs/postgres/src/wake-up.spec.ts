import { WakeUp } from './wake-up.ts';

async function sleptMs(wakeUp: WakeUp, ms: number): Promise<number> {
  const began = performance.now();
  await wakeUp.sleep(ms);
  return performance.now() - began;
}

describe('a sleep that can be ended', () => {
  it('lasts as long as it was meant to when nobody calls', async () => {
    expect(await sleptMs(new WakeUp(), 30)).toBeGreaterThan(25);
  });

  it('ends with a call', async () => {
    const wakeUp = new WakeUp();
    setTimeout(() => wakeUp.call(), 5);
    expect(await sleptMs(wakeUp, 10_000)).toBeLessThan(5_000);
  });

  it('hears a call that came before it, once', async () => {
    const wakeUp = new WakeUp();
    wakeUp.call();
    wakeUp.call();
    expect(await sleptMs(wakeUp, 10_000)).toBeLessThan(5_000);
    expect(await sleptMs(wakeUp, 30)).toBeGreaterThan(25);
  });
});
