import { parseArgs } from 'node:util';
import { LEDGER_KINDS } from './crashable-ledger.ts';
import { runCrashes } from './run-crashes.ts';

/** The long form; `test/e2e/crash.e2e-spec.ts` is the short one. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '60' },
    workers: { type: 'string', default: '6' },
    ledger: { type: 'string', default: 'postgres' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const kills = Number(values.kills);
  const ledger = LEDGER_KINDS.find((kind) => kind === values.ledger);
  if (ledger === undefined) throw new Error(`--ledger must be one of ${LEDGER_KINDS.join(', ')}`);
  const { history, broken } = await runCrashes({
    ledger,
    kills,
    workers: Number(values.workers),
    loadMs: 1_000,
    onKill: say,
  });
  say(`${history.honoured.size} tokens honoured; ${history.answers}`);
  if (history.honoured.size < kills) throw new Error('hardly anything was spent: this run proves nothing');
  if (broken.length > 0)
    throw new Error(`${broken.length} broken promises:\n${broken.slice(0, 20).join('\n')}`);
  say('no token was honoured twice, and nothing acknowledged is missing from the audit log');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
