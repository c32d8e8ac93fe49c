import config from './jest.config.mjs';

const e2e = config.projects.find(({ displayName }) => displayName === 'e2e');

/** The ledger on a Redis or Valkey that is installed on this machine: not a part of `npm test`. */
export default {
  ...e2e,
  displayName: 'redis',
  maxWorkers: 1,
  testTimeout: 60_000,
  testMatch: ['<rootDir>/test/redis/**/*.{int,e2e}-spec.ts'],
};
