/** Words in colour, or as they are. */
export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** SGR codes of ECMA-48 §8.3.117, as `[on, off]`. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Colours where they can be seen and are wanted: `isTerminal` and an empty or absent `NO_COLOR`. */
export function coloursFor(isTerminal: boolean, noColor: string | undefined): Colours {
  const isOn = isTerminal && (noColor === undefined || noColor === '');
  const paint = ([on, off]: readonly [number, number]): ((text: string) => string) =>
    isOn ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  return {
    bold: paint(CODES.bold),
    dim: paint(CODES.dim),
    green: paint(CODES.green),
    red: paint(CODES.red),
    yellow: paint(CODES.yellow),
    cyan: paint(CODES.cyan),
  };
}
