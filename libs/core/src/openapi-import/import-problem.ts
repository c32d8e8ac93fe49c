import type { DocumentProblem } from '../registry/documents.ts';

/** Collects what is wrong with a document, by JSON pointer. */
export class ImportProblems {
  readonly found: DocumentProblem[] = [];

  refuse(pointer: string, message: string): void {
    this.found.push({ pointer, message });
  }
}

/** A JSON pointer as a URI fragment, from the names of its steps (RFC 6901 §3). */
export function pointerTo(...steps: readonly string[]): string {
  return ['#', ...steps.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}
