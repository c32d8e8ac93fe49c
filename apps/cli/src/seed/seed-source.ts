import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

/** What is wrong in a folder: the file, where in it (a JSON pointer, a line and column, or both), and why. */
export interface SeedProblem {
  readonly file: string;
  readonly pointer: string | null;
  /** Counted from 1. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** More than any honest file says in one line of anchors. */
const MAX_ALIASES = 100;

/** A YAML file, read, with the places of its members at hand. */
export class SeedSource {
  readonly problems: readonly SeedProblem[];
  readonly value: unknown;
  private readonly document: Document;
  private readonly lines = new LineCounter();

  constructor(
    readonly file: string,
    text: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, uniqueKeys: true, version: '1.2' });
    const found: SeedProblem[] = [...this.document.errors, ...this.document.warnings].map((error) => ({
      file,
      pointer: null,
      line: error.linePos?.[0].line ?? null,
      column: error.linePos?.[0].col ?? null,
      message: error.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? error.code,
    }));
    let value: unknown = null;
    if (found.length === 0) {
      try {
        value = this.document.toJS({ maxAliasCount: MAX_ALIASES });
      } catch (error) {
        const message = error instanceof Error ? error.message : 'cannot be read';
        found.push({ file, pointer: null, line: null, column: null, message });
      }
    }
    this.problems = found;
    this.value = value;
  }

  /** A problem at a JSON pointer (`#/0/jwks`), with the line of whatever is there, or of what is nearest above it. */
  problem(pointer: string, message: string): SeedProblem {
    const at = this.placeOf(pointer);
    return { file: this.file, pointer, line: at?.line ?? null, column: at?.col ?? null, message };
  }

  private placeOf(pointer: string): { line: number; col: number } | null {
    const path = pointer.split('/').slice(1).map(decodePointerToken);
    let node: unknown = this.document.contents;
    let offset = offsetOf(node);
    for (const step of path) {
      node = isSeq(node) ? node.get(Number(step), true) : isMap(node) ? node.get(step, true) : null;
      offset = offsetOf(node) ?? offset;
    }
    return offset === null ? null : this.lines.linePos(offset);
  }
}

function offsetOf(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range))
    return null;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : null;
}

/** RFC 6901 §4. */
function decodePointerToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** `clients.yaml:3:7 #/0/jwks must be ...`: the form that editors and people find their way by. */
export function formatProblem({ file, pointer, line, column, message }: SeedProblem): string {
  const place = line === null ? file : `${file}:${line}${column === null ? '' : `:${column}`}`;
  return [place, ...(pointer === null ? [] : [pointer]), message].join(' ');
}
