/** `node --require <this file> some.ts` runs our TypeScript in a process of its own, without a build. */
const { readFileSync } = require('node:fs');
const { ModuleKind, ScriptTarget, transpile } = require('typescript');

const options = {
  module: ModuleKind.CommonJS,
  target: ScriptTarget.ES2023,
  esModuleInterop: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  inlineSourceMap: true,
};

require.extensions['.ts'] = (module, filename) => {
  module._compile(transpile(readFileSync(filename, 'utf8'), options, filename), filename);
};
