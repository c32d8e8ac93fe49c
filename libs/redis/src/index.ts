export * from './redis-address.ts';
export * from './redis-spent-tokens.ts';
