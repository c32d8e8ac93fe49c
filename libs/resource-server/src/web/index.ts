/** `@oncekey/resource-server/web`: what runs without Node's modules. */
export { BrokerFailure } from '../broker-failure.ts';
export type { Decision, Grant, GuardedRequest, Refusal } from '../decision.ts';
export { grantOf } from '../grant-of.ts';
export type { GuardSettings } from '../guard-settings.ts';
export type { Guard } from '../guard-with.ts';
export type { RefusalReason } from '../refusals.ts';
export { stepUpRefusal, type StepUpDemands } from '../step-up.ts';
export { createWebGuard, type WebGuardOptions } from './create-web-guard.ts';
export { oncekeyWeb, type OncekeyWebOptions, type WebCheck } from './oncekey-web.ts';
export type { WebPrivateJwk } from './web-assertion-signer.ts';
