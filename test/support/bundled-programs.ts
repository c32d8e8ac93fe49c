import { build } from 'esbuild';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The programs that tests start again and again. */
const PROGRAMS = ['apps/broker/src/main.js', 'apps/admin/src/main.js', 'apps/cli/src/main.js'];

/** Where their bundles are, below `dist/`. */
const FOLDER = 'bundled';

/** Says in the environment of the tests that bundles were made, and so are of the sources that are tested. */
const MADE = 'ONCEKEY_TEST_BUNDLES';

/** Stand-ins for `import.meta.url`, which a CommonJS file does not have. */
const FILE_URL = {
  define: { 'import.meta.url': '__fileUrl' },
  banner: { js: "const __fileUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/**
 * Writes each program with all its modules into one file. Of two seconds that a broker computes before it serves, more
 * than one goes into finding and reading some three thousand modules, and tests start hundreds of processes. The
 * quickstart is tested without bundles, as users run it.
 */
export async function bundlePrograms(): Promise<void> {
  await Promise.all(PROGRAMS.map(bundle));
  process.env[MADE] = 'made';
}

/** The file to run for a program below `dist/`. */
export function programFile(program: string): string {
  const isBundled = process.env[MADE] !== undefined && PROGRAMS.includes(program);
  return isBundled ? resolve('dist', FOLDER, program) : resolve('dist', program);
}

async function bundle(program: string): Promise<void> {
  const outfile = resolve('dist', FOLDER, program);
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
    plugins: [
      {
        name: 'load TypeORM once',
        setup: (bundler) => {
          bundler.onLoad({ filter: TYPEORM_COMPAT }, ({ path }) => ({
            contents: readFileSync(path, 'utf8').replace(/^const require = createRequire.*$/m, ''),
          }));
        },
      },
      {
        name: 'leave out what is not installed',
        setup: (bundler) => {
          bundler.onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
            isInstalled(path) && !STAYS_OUTSIDE.test(path) ? null : { path, external: true },
          );
        },
      },
    ],
  });
  renameSync(unfinished, outfile);
}

/** Cedar reads files beside itself; `pg` is found by name by TypeORM too, and both need the same. */
const STAYS_OUTSIDE = /^(?:@cedar-policy\/|pg$)/;

/** Asks Node for TypeORM by a `require` that a bundler cannot see, and so for all its files beside the bundle. */
const TYPEORM_COMPAT = /@nestjs[\\/]typeorm[\\/]dist[\\/]common[\\/]typeorm-compat\.js$/;

/** Drivers of other databases, transports and template engines are asked for by name, and are not there. */
function isInstalled(path: string): boolean {
  const [scope = '', name = ''] = path.split('/');
  return existsSync(join('node_modules', scope.startsWith('@') ? join(scope, name) : scope));
}
