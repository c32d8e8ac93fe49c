import { hostileCaseIds } from './hostile-cases.ts';
import { readLiterals } from './read-literals.ts';

/** A test whose name says which hostile case it is about. */
export interface FoundCase {
  readonly id: string;
  readonly file: string;
}

const ID = /(?<![A-Za-z0-9-])[A-Z]{1,2}-\d{2}(?![\w-])/g;
const KNOWN: ReadonlySet<string> = new Set(hostileCaseIds);

/** Hostile cases that the names of tests in a source file are about, each once. */
export function findCases(file: string, text: string): readonly FoundCase[] {
  const named = readLiterals(text).flatMap((name) => name.match(ID) ?? []);
  return [...new Set(named)].filter((id) => KNOWN.has(id)).map((id) => ({ id, file }));
}
