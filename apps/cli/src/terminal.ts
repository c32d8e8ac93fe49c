import { coloursFor, type Colours } from '#quickstart';
import { environment } from './config.ts';

/** Where a command writes: results to standard output, remarks to standard error. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly remark: (line: string) => void;
  readonly colours: Colours;
}

export function processTerminal(): Terminal {
  // Whoever reads has read enough, as `head` has.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    print: (line) => void process.stdout.write(`${line}\n`),
    remark: (line) => void process.stderr.write(`${line}\n`),
    colours: coloursFor(process.stdout.isTTY, environment['NO_COLOR']),
  };
}
