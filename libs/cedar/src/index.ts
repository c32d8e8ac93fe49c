export * from './cedar-compiler.ts';
export * from './split-policies.ts';
