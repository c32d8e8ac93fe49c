const inLib = (name) => `^libs/${name}/`;
const ADAPTERS = 'postgres|redis|crypto|cedar';

/** The import law. Each rule is a sentence; docs/architecture.md tells the story. */
module.exports = {
  forbidden: [
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'core knows no framework, no driver, no network, no clock',
      from: { path: inLib('core'), pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^libs/core/', '^node:crypto$', '^crypto$'] },
    },
    {
      name: 'adapters-see-only-core',
      severity: 'error',
      comment: 'an adapter implements ports; it calls no other adapter and no Nest',
      from: { path: `^libs/(${ADAPTERS})/`, pathNot: '\\.spec\\.ts$' },
      to: { path: ['^libs/(?!core/)', '^apps/', 'node_modules/@nestjs/'], pathNot: '^libs/$1/' },
    },
    {
      name: 'http-kit-sees-only-core',
      severity: 'error',
      comment: 'the Nest kit renders answers; it knows no database and no key',
      from: { path: inLib('http'), pathNot: '\\.spec\\.ts$' },
      to: { path: ['^libs/(?!core/|http/)', '^apps/'] },
    },
    {
      name: 'sdks-stand-alone',
      severity: 'error',
      comment: 'a caller installs an SDK, not our server',
      from: { path: '^libs/(client|resource-server)/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['^libs/', '^apps/', '^migrations/'], pathNot: '^libs/$1/' },
    },
    {
      name: 'apps-do-not-meet',
      severity: 'error',
      comment: 'apps share code through libs only',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'adapters-only-in-wiring',
      severity: 'error',
      comment: 'controllers know pipelines, not databases',
      from: { path: '^apps/(broker|admin)/', pathNot: '/wiring/|/main\\.ts$|\\.spec\\.ts$' },
      to: { path: [`^libs/(${ADAPTERS})/`, 'node_modules/typeorm/', 'node_modules/pg/'] },
    },
    {
      name: 'only-steps-attest',
      severity: 'error',
      comment: 'evidence is made where the check is made',
      from: { path: inLib('core'), pathNot: '/steps/|\\.spec\\.ts$' },
      to: { path: '^libs/core/src/shared/evidence\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'steps-do-not-call-steps',
      severity: 'error',
      comment: 'the pipeline file is the only place where order lives',
      from: { path: '/steps/[^/]+\\.ts$', pathNot: '\\.spec\\.ts$' },
      to: { path: '/steps/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'migrations-are-frozen',
      severity: 'error',
      comment: 'a migration that imports an entity changes when the entity does',
      from: { path: '^migrations/' },
      to: { path: '^(libs|apps)/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'a cycle has no beginning to read',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
