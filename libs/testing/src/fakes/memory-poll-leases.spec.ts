import { describePollLeases } from '../contracts/poll-leases.contract.ts';
import { MemoryPollLeases } from './memory-poll-leases.ts';

describePollLeases('memory', async () => {
  let now = 1_800_000_000_000;
  const leases = new MemoryPollLeases({ now: () => now });
  return {
    holder: () => leases.holder(),
    pass: async (ms) => void (now += ms),
    close: async () => undefined,
  };
});
