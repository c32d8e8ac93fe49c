import { setFlagsFromString } from 'node:v8';

/**
 * Node 20 inlines calls from JavaScript into WebAssembly, and aborts the whole process when such a caller has to be
 * deoptimised while the call runs and the result is an object, as all results of this engine are. It takes a few
 * thousand decisions and bad luck. Later versions have it mended; this costs a call some nanoseconds.
 */
if (Number.parseInt(process.versions.node, 10) < 22) {
  setFlagsFromString('--no-turbo-inline-js-wasm-calls');
}

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
