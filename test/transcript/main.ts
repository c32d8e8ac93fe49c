import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { readBlocks } from './read-blocks.ts';
import { runBlock, type RanBlock } from './run-block.ts';
import { transcriptPage } from './transcript-page.ts';

const PAGE = 'examples/express/README.md';
const TRANSCRIPT = 'docs/first-call.md';

/** Configures npm and Oncekey as whoever runs this has them, which a newcomer has not. */
const OURS = /^(?:npm_|ONCEKEY_|PG[A-Z]|DATABASE_URL$|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)/;

/**
 * Types the commands of the example's page, and no others, into shells as the page says. Writes what happened, and how
 * long it took; with `--check`, only whether they do.
 */
async function main(): Promise<void> {
  const isCheck = process.argv.includes('--check');
  const work = mkdtempSync(join(tmpdir(), 'oncekey-first-call-'));
  const inherited = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !OURS.test(name),
  );
  const env: Record<string, string> = {
    ...Object.fromEntries(inherited.map(([name, value]) => [name, value ?? ''])),
    ONCEKEY_REPOSITORY: process.cwd(),
    ONCEKEY_HOME: join(work, 'home'),
    NO_COLOR: '1',
    ...(isCheck ? {} : { npm_config_cache: join(work, 'npm') }),
  };
  const ran: RanBlock[] = [];
  try {
    for (const block of readBlocks(readFileSync(PAGE, 'utf8'))) {
      const done = await runBlock(block, { folder: work, env });
      ran.push(done);
      for (const { command, tookMs } of done.steps)
        process.stdout.write(`${(tookMs / 1000).toFixed(1).padStart(6)} s  ${command}\n`);
    }
    if (isCheck) return;
    const page = transcriptPage(
      PAGE,
      ran.map(({ steps }) => steps),
    ).replaceAll(work, '~');
    const options = await resolveConfig(TRANSCRIPT);
    writeFileSync(TRANSCRIPT, await format(page, { ...options, filepath: TRANSCRIPT }));
  } finally {
    for (const block of ran.toReversed()) await block.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
