import { coloursFor, type Colours } from '#quickstart';
import { environment } from './config.ts';

/** Where the story is told. */
export interface Screen {
  readonly write: (line: string) => void;
  readonly colours: Colours;
}

export function processScreen(): Screen {
  // A terminal that was closed takes no more lines; that must not keep us from stopping in order.
  process.stdout.on('error', () => undefined);
  return {
    write: (line) => void process.stdout.write(`${line}\n`),
    colours: coloursFor(process.stdout.isTTY, environment['NO_COLOR']),
  };
}
