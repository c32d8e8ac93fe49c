import { arch, availableParallelism, platform, release } from 'node:os';
import type { Step } from './run-block.ts';

/** Lines of a command's output that are shown. */
const SHOWN = 24;

/** What happened, as a page: each command, how long it took, and the end of what it said. */
export function transcriptPage(page: string, blocks: readonly (readonly Step[])[]): string {
  const all = blocks.flat();
  const totalMs = all.reduce((sum, { tookMs }) => sum + tookMs, 0);
  const rows = all.map(
    ({ command, tookMs }) => `| \`${command.replaceAll('|', '\\|')}\` | ${seconds(tookMs)} |`,
  );
  return `# The first call

From \`git clone\` to the first call that an API lets in, and to the refusal of its token when it comes again: the commands of
[${page}](../${page}), typed by \`npm run transcript\` in the order in which they stand there, in a fresh folder with an empty
cache of npm. Only the clone came from this machine's own disk. CI runs the same commands (\`npm run transcript -- --check\`).

In all **${seconds(totalMs)}**, on ${platform()} ${release().split('-')[0]} ${arch()} with ${availableParallelism()} cores and Node ${process.versions.node}.

| command | time |
| --- | ---: |
${rows.join('\n')}

## What they said

${blocks.map(blockOf).join('\n')}`;
}

function blockOf(steps: readonly Step[], at: number): string {
  const text = steps.map(({ command, output }) => [`$ ${command}`, ...endOf(output)].join('\n')).join('\n\n');
  return `Terminal ${at + 1}:\n\n\`\`\`text\n${text}\n\`\`\`\n`;
}

function endOf(output: string): readonly string[] {
  const lines = output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return lines.length <= SHOWN ? lines : ['...', ...lines.slice(-SHOWN)];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
