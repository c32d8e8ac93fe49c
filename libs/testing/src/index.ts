export * from './fakes/fake-release.ts';
export * from './fakes/memory-key-store.ts';
export * from './fakes/memory-ledger.ts';
export * from './world/create-world.ts';
export * from './world/fake-signatures.ts';
export * from './world/create-world.ts';
export * from './world/fake-signatures.ts';
