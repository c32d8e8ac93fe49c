export * from './cedar-compiler.ts';
export * from './describe-policy.ts';
export * from './format-policy.ts';
export * from './lint/lint-release.ts';
export * from './narrow-policy.ts';
export * from './policy-facts.ts';
export * from './split-policies.ts';
