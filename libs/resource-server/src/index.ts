export type { PrivateJwk } from './assertion-signer.ts';
export { BrokerFailure } from './broker-failure.ts';
export type { Decision, Grant, GuardedRequest, Refusal } from './decision.ts';
export { captureRawBody } from './fastify/capture-raw-body.ts';
export { oncekeyFastify, type OncekeyFastifyOptions } from './fastify/oncekey-fastify.ts';
export { serveResourceMetadata } from './fastify/serve-resource-metadata.ts';
export { grantOf } from './grant-of.ts';
export { createGuard, type GuardOptions } from './guard.ts';
export type { GuardSettings } from './guard-settings.ts';
export type { Guard } from './guard-with.ts';
export {
  OncekeyNestGuard,
  type HttpContextShape,
  type OncekeyNestGuardOptions,
} from './nest/oncekey-nest-guard.ts';
export type { ResourceMetadata } from './resource-metadata.ts';
export { Operation } from './nest/operation.ts';
export { RequestRefused } from './nest/request-refused.ts';
export {
  oncekeyExpress,
  type ExpressRequestShape,
  type OncekeyExpressOptions,
} from './node/oncekey-express.ts';
export { oncekeyHttp, type Admitted, type OncekeyHttpOptions } from './node/oncekey-http.ts';
export type { RefusalReason } from './refusals.ts';
export { stepUpRefusal, type StepUpDemands } from './step-up.ts';
export { oncekeyWeb, type OncekeyWebOptions, type WebCheck } from './web/oncekey-web.ts';
