/** The commands of one code block: what somebody types into a terminal of its own. */
export interface CommandBlock {
  readonly commands: readonly string[];
  /** The block stays at work; these are the words by which it is known to be ready. Null: it ends. */
  readonly until: string | null;
}

const BLOCK = /^```sh(?: until "([^"]+)")?\n([^]*?)^```$/gm;

/** The `sh` blocks of a page, in their order. A command has a line of its own, or several that end with `\`. */
export function readBlocks(markdown: string): readonly CommandBlock[] {
  return [...markdown.matchAll(BLOCK)].map(([, until, text = '']) => ({
    commands: text.split(/(?<!\\)\n/).filter((line) => line.trim() !== ''),
    until: until ?? null,
  }));
}
