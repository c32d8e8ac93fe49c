/** Where something stands in a text; both count from 1, columns in characters. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export const START: TextPosition = { line: 1, column: 1 };

/** Position of a character index, as JavaScript counts. */
export function positionOf(text: string, index: number): TextPosition {
  const lines = text.slice(0, index).split('\n');
  return { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1 };
}

/** Position of a byte offset into the text's UTF-8, as Cedar counts. */
export function positionOfByte(text: string, offset: number): TextPosition {
  const before = Buffer.from(text, 'utf8').subarray(0, offset).toString('utf8');
  return positionOf(before, before.length);
}
