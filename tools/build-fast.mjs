/**
 * Compiles what `tsconfig.build.json` names, file by file and without looking at types, in about a second: for
 * `npm start` and the tests. `npm run build` is the compiler's own work, types and all. The options are those under
 * which Jest runs the same sources.
 */
import { transformFileSync } from '@swc/core';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.build.json'), 'utf8'));

/** Tests, type declarations, and the suites that only tests import. */
const LEFT_OUT = /\.(?:spec|int-spec|e2e-spec|d)\.ts$|^libs\/testing\/src\/contracts\//;

const OPTIONS = {
  swcrc: false,
  configFile: false,
  sourceMaps: true,
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    rewriteRelativeImportExtensions: true,
  },
  module: { type: 'commonjs' },
};

for (const folder of include) {
  if (!existsSync(join(ROOT, folder))) continue;
  for (const name of readdirSync(join(ROOT, folder), { recursive: true })) {
    const source = join(folder, name).replaceAll('\\', '/');
    if (source.endsWith('.ts') && !LEFT_OUT.test(source) && !source.includes('/node_modules/'))
      compile(source);
  }
}

function compile(source) {
  const target = join(ROOT, 'dist', source.replace(/\.ts$/, '.js'));
  const { code, map } = transformFileSync(join(ROOT, source), OPTIONS);
  mkdirSync(dirname(target), { recursive: true });
  write(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
  write(`${target}.map`, map);
}

/** Whole or not at all, and not when nothing changes: somebody may just be running it. */
function write(file, content) {
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}
