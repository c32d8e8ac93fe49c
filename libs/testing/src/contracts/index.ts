export * from './journal.contract.ts';
export * from './ledger-under-test.ts';
export * from './spend-ledger.contract.ts';
