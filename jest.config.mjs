const typescript = [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2023',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'commonjs' },
  },
];
const javascript = [
  '@swc/jest',
  {
    swcrc: false,
    jsc: { target: 'es2023', parser: { syntax: 'ecmascript', dynamicImport: true } },
    module: { type: 'commonjs', importInterop: 'node' },
  },
];

/** Packages that ship only ES modules; Jest runs CommonJS and must compile them. */
const esmOnly = [
  '@nestjs',
  'cookie',
  'file-type',
  'strtok3',
  'token-types',
  '@tokenizer',
  'uint8array-extras',
  '@borewit',
  'jose',
  'oauth4webapi',
  'openid-client',
];

const lib = (name) => [`^#${name}$`, `<rootDir>/libs/${name}/src/index.ts`];

const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/offline.cjs'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '^.+\\.ts$': typescript, '^.+\\.m?js$': javascript },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${esmOnly.join('|')})/)`],
  moduleNameMapper: Object.fromEntries(
    [
      'core',
      'postgres',
      'redis',
      'crypto',
      'cedar',
      'http',
      'client',
      'resource-server',
      'testing',
      'embedded-postgres',
      'quickstart',
    ].map(lib),
  ),
};

const withDatabase = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  setupFiles: ['<rootDir>/test/support/offline.cjs', '<rootDir>/test/support/env.ts'],
};

export default {
  maxWorkers: 2,
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,tools,migrations,test/load,test/transcript}/**/*.spec.ts'],
    },
    {
      ...shared,
      ...withDatabase,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.int-spec.ts'],
    },
    { ...shared, ...withDatabase, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'] },
    {
      ...shared,
      ...withDatabase,
      displayName: 'attacks',
      testMatch: ['<rootDir>/test/attacks/**/*.e2e-spec.ts'],
    },
    {
      ...shared,
      ...withDatabase,
      displayName: 'conformance',
      testMatch: ['<rootDir>/test/conformance/**/*.e2e-spec.ts'],
    },
    { ...shared, ...withDatabase, displayName: 'fuzz', testMatch: ['<rootDir>/test/fuzz/**/*.e2e-spec.ts'] },
  ],
};
