export type { Approval } from './approval.ts';
export type { OncekeyClientOptions } from './client-options.ts';
export { explain, type Explanation } from './explain.ts';
export { createOncekeyClient, type OncekeyClient } from './oncekey-client.ts';
export { OncekeyError, type BrokerErrorCode, type LocalErrorCode, type StepUp } from './oncekey-error.ts';
export type { OneTimeToken } from './one-time-token.ts';
export type { CryptoKey, CryptoKeyPair, PrivateJwk } from './signing-key.ts';
export type { TokenSource } from './token-source.ts';
