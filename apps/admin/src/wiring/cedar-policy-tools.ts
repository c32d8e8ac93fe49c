import {
  CedarCompiler,
  describePolicy,
  formatPolicy,
  lintRelease,
  narrowPolicy,
  policyFacts,
  touchesApi,
} from '#cedar';
import { ADMIN_API } from '#core';
import type { PolicyTools } from '../policy/policy-tools.ts';

/** The policy language is Cedar. */
export function cedarPolicyTools(): PolicyTools {
  const compiler = new CedarCompiler();
  return {
    compile: (number, document) => compiler.compile(number, document),
    lint: lintRelease,
    format: formatPolicy,
    describe: describePolicy,
    facts: policyFacts,
    narrow: narrowPolicy,
    touchesAdmin: (cedar) => touchesApi(cedar, ADMIN_API),
  };
}
