import config from './jest.config.mjs';

const e2e = config.projects.find(({ displayName }) => displayName === 'e2e');

/** Gateways that are installed on this machine, in front of a real broker: not a part of `npm test`. */
export default {
  ...e2e,
  displayName: 'gateways',
  testTimeout: 60_000,
  testMatch: ['<rootDir>/test/gateways/**/*.e2e-spec.ts'],
};
