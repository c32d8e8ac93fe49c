import { arch, availableParallelism, platform, release } from 'node:os';
import type { Step } from './run-block.ts';

/** Lines of a command's output that are shown, from its beginning and its end. */
const SHOWN = { first: 24, last: 12 };

/** What happened, as a page: each command, how long it took, and what it said. */
export function transcriptPage(page: string, blocks: readonly (readonly Step[])[]): string {
  const all = blocks.flat();
  const totalMs = all.reduce((sum, { tookMs }) => sum + tookMs, 0);
  const rows = all.map(
    ({ command, tookMs }) => `| \`${command.replaceAll('|', '\\|')}\` | ${seconds(tookMs)} |`,
  );
  return `# The first call

From \`git clone\` to the first call that an API lets in, and to the refusal of its token when it comes again: the commands of
[${page}](../${page}), typed by \`npm run transcript\` in the order in which they stand there, in a fresh folder with an empty
cache of npm. Only the clone came from this machine's own disk. \`npm run transcript -- --check\` types them again, and writes no page.

In all **${seconds(totalMs)}**, on ${platform()} ${release().split('-')[0]} ${arch()} with ${availableParallelism()} cores and Node ${process.versions.node}.

| command | time |
| --- | ---: |
${rows.join('\n')}

## What they said

${blocks.map(blockOf).join('\n')}`;
}

function blockOf(steps: readonly Step[], at: number): string {
  const text = steps.map(({ command, output }) => [`$ ${command}`, ...shown(output)].join('\n')).join('\n\n');
  return `Terminal ${at + 1}:\n\n\`\`\`text\n${text}\n\`\`\`\n`;
}

function shown(output: string): readonly string[] {
  const lines = output
    .split('\n')
    // What a progress bar has said last is what is seen.
    .map((line) => (line.trimEnd().split('\r').at(-1) ?? '').trimEnd())
    .filter((line) => line !== '' && !line.startsWith('npm warn'));
  const { first, last } = SHOWN;
  return lines.length <= first + last + 1 ? lines : [...lines.slice(0, first), '...', ...lines.slice(-last)];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
