import { readFileSync } from 'node:fs';
import { readBlocks } from './read-blocks.ts';

describe(readBlocks.name, () => {
  it('reads commands, those of several lines too, and what a block is ready by', () => {
    const page =
      'A\n\n```sh until "up now"\na b\nc \\\n  d\n```\n\n```ts\nnothing();\n```\n\n```sh\n\ne\n```\n';
    expect(readBlocks(page)).toEqual([
      { commands: ['a b', 'c \\\n  d'], until: 'up now' },
      { commands: ['e'], until: null },
    ]);
  });

  it('finds the three terminals of the example', () => {
    const blocks = readBlocks(readFileSync('examples/express/README.md', 'utf8'));
    expect(blocks.map(({ until }) => until)).toEqual([
      'Ctrl-C stops everything',
      'the shop listens on',
      null,
    ]);
    expect(blocks[0]?.commands[0]).toMatch(/^git clone /);
    expect(blocks[2]?.commands.filter((command) => command.includes('--replay'))).toHaveLength(2);
  });
});
