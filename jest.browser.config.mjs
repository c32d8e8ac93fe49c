import config from './jest.config.mjs';

const e2e = config.projects.find(({ displayName }) => displayName === 'e2e');

/** The client SDK in the Chromium of this machine: not a part of `npm test`. */
export default {
  ...e2e,
  displayName: 'browser',
  testMatch: ['<rootDir>/test/browser/**/*.e2e-spec.ts'],
};
