/**
 * Makes of each SDK a folder that `npm pack` and `npm publish` take as it is, in `dist/packages`: ES modules and
 * CommonJS side by side, each with its types, the manifest and the README.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const WORKSPACE = readJson(join(ROOT, 'package.json'));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** Folder in `libs`, and the folders in its `src` that have an entry of their own. */
const PACKAGES = [
  { name: 'client', entries: ['node', 'browser', 'sign-in', 'axios', 'undici'] },
  { name: 'resource-server', entries: ['web', 'testing'] },
];

/** Folder, what the compiler writes into it, and what Node takes it for. */
const FORMATS = [
  { folder: 'esm', module: 'esnext', type: 'module' },
  { folder: 'cjs', module: 'commonjs', type: 'commonjs' },
];

for (const { name, entries } of PACKAGES) {
  const source = join(ROOT, 'libs', name);
  const target = join(ROOT, 'dist/packages', name);
  rmSync(target, { recursive: true, force: true });
  for (const { folder, module, type } of FORMATS) {
    const outDir = join(target, folder);
    const options = ['-p', join(source, 'tsconfig.package.json'), '--module', module, '--outDir', outDir];
    execFileSync(process.execPath, [TSC, ...options], { stdio: 'inherit' });
    nameOutputs(outDir);
    writeJson(join(outDir, 'package.json'), { type });
  }
  const { private: _, ...manifest } = readJson(join(source, 'package.json'));
  writeJson(join(target, 'package.json'), {
    ...manifest,
    engines: WORKSPACE.engines,
    main: './cjs/index.js',
    types: './cjs/index.d.ts',
    exports: {
      '.': entryAt(''),
      ...Object.fromEntries(entries.map((entry) => [`./${entry}`, entryAt(`${entry}/`)])),
      './package.json': './package.json',
    },
    sideEffects: false,
    files: FORMATS.map(({ folder }) => folder),
  });
  copyFileSync(join(source, 'README.md'), join(target, 'README.md'));
  copyFileSync(join(ROOT, 'LICENSE'), join(target, 'LICENSE'));
}

function entryAt(path) {
  const inFormat = (folder) => ({
    types: `./${folder}/${path}index.d.ts`,
    default: `./${folder}/${path}index.js`,
  });
  return { import: inFormat('esm'), require: inFormat('cjs') };
}

/** The compiler leaves the names of sources in declarations, which not every compiler that reads them understands. */
function nameOutputs(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll(/((?:from|import\()\s*'\.[^']*)\.ts'/g, "$1.js'"));
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function writeJson(file, value) {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
