// First, since the engine is compiled when it is loaded.
import './engine-flags.ts';

/** The Cedar engine. It is imported from here alone, so that nobody calls it unprepared. */
export {
  formatPolicies,
  isAuthorized,
  policyToJson,
  preparsePolicySet,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
export type {
  CedarValueJson,
  DetailedError,
  EntityJson,
  PolicyJson,
  TypeAndId,
  ValidationError,
} from '@cedar-policy/cedar-wasm/nodejs';
