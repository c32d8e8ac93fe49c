import { parseArgs } from 'node:util';
import { runFailovers } from './run-failovers.ts';

const { values } = parseArgs({
  options: { failovers: { type: 'string', default: '5' }, workers: { type: 'string', default: '6' } },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const failovers = Number(values.failovers);
  let turn = 0;
  const { history, broken } = await runFailovers({
    failovers,
    workers: Number(values.workers),
    loadMs: 2_000,
    onFailover: ({ promotedMs, servingMs }) =>
      say(
        `failover ${++turn} of ${failovers}: promoted ${promotedMs.toFixed(0)} ms after the primary died, serving after ${servingMs.toFixed(0)} ms`,
      ),
  });
  say(`${history.honoured.size} tokens honoured; ${history.answers}`);
  if (history.honoured.size < 10 * failovers)
    throw new Error('hardly anything was spent: this run proves nothing');
  if (broken.length > 0)
    throw new Error(`${broken.length} broken promises:\n${broken.slice(0, 20).join('\n')}`);
  say('no token was honoured twice, and nothing acknowledged is missing from the audit log');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
