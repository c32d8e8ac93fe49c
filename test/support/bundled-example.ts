import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** A file of `examples`, with the SDKs as they are in this tree: what `npm install` would bring. Out: its path in `dist`. */
export async function bundledExample(file: string): Promise<string> {
  const outfile = resolve('dist/examples', `${randomUUID()}.mjs`);
  mkdirSync(resolve('dist/examples'), { recursive: true });
  const client = resolve('libs/client/src');
  await build({
    entryPoints: [resolve('examples', file)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    alias: {
      '@oncekey/client': `${client}/index.ts`,
      '@oncekey/client/node': `${client}/node/index.ts`,
      '@oncekey/resource-server': resolve('libs/resource-server/src/index.ts'),
    },
  });
  return outfile;
}
