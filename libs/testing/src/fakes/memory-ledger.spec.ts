import { describeJournal } from '../contracts/journal.contract.ts';
import { describeDeferralLedger, type DeferralsUnderTest } from '../contracts/deferral-ledger.contract.ts';
import { describeRevocationLedger } from '../contracts/revocation-ledger.contract.ts';
import { describeSpendLedger } from '../contracts/spend-ledger.contract.ts';
import { describeSpendLookup } from '../contracts/spend-lookup.contract.ts';
import { MemoryLedger } from './memory-ledger.ts';

async function open(): Promise<DeferralsUnderTest> {
  let now = 1_800_000_000_000;
  const ledger = new MemoryLedger({ now: () => now });
  return {
    ledgers: [ledger],
    now: async () => now,
    passUntil: async (at) => void (now = Math.max(now, at)),
    events: async () => ledger.events,
    decide: async (id, decision) => ledger.waiting.decide(id, decision),
    close: async () => undefined,
  };
}

describeSpendLedger('memory', open);
describeSpendLookup('memory', open);
describeJournal('memory', open);
describeRevocationLedger('memory', open);
describeDeferralLedger('memory', open);
