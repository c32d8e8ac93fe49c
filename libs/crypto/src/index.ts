export * from './report-problem.ts';
export * from './jws/node-signature-verifier.ts';
export * from './keys/kek.ts';
export * from './keys/keys-at-rest.ts';
export * from './keys/key-ring.ts';
export * from './keys/ring-key.ts';
export * from './token/grant-sealer.ts';
export * from './dpop/key-ring-nonces.ts';
