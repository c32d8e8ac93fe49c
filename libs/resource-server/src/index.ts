export type { PrivateJwk } from './assertion-signer.ts';
export { BrokerFailure } from './broker-failure.ts';
export type { Decision, Grant, GuardedRequest, Refusal } from './decision.ts';
export { captureRawBody } from './fastify/capture-raw-body.ts';
export { oncekeyFastify, type OncekeyFastifyOptions } from './fastify/oncekey-fastify.ts';
export { grantOf } from './grant-of.ts';
export { createGuard, type Guard, type GuardOptions } from './guard.ts';
export {
  OncekeyNestGuard,
  type HttpContextShape,
  type OncekeyNestGuardOptions,
} from './nest/oncekey-nest-guard.ts';
export { RequestRefused } from './nest/request-refused.ts';
export type { RefusalReason } from './refusals.ts';
export { stepUpRefusal, type StepUpDemands } from './step-up.ts';
