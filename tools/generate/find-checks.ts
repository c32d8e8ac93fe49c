import { CHECKS, sourceOf } from './check-sources.ts';
import { readLiterals } from './read-literals.ts';

/** What the name of a test says: which check it is for, by which specification, in which file. */
export interface FoundCheck {
  /** Null where a test names a specification and no number. */
  readonly check: number | null;
  readonly source: string;
  readonly sentence: string;
  readonly file: string;
}

/** `check 12: ...`, `C-05, check 12, RFC 6749 §3.2: ...`, `checks 4 to 6: ...`, `checks 58 and 59: ...` */
const NUMBERED = /^(?:[A-Z]+-?\d+, )*checks? (\d+)(?: (to|and) (\d+))?(?:, ([^:]+))?: (.+)$/;

/** Specifications without a number, as the names of tests have them. */
const DRAFTS = [
  'Attestation-based client authentication',
  'Global Token Revocation',
  'ID-JAG',
  'SPIFFE client authentication',
  'Transaction Tokens',
];

/** In the conformance suite a specification will do: `RFC 8414 §2: ...`, `X-19, ID-JAG: ...` */
const UNNUMBERED = new RegExp(
  `^(?:[A-Z]{1,2}-?\\d+, )*((?:RFC \\d+|${DRAFTS.join('|')})(?: §[\\d.]+)?): (.+)$`,
);

/** Ids of hostile cases beside a number: `check 62, DP-07: ...`. They are no specification. */
const CASE = /^[A-Z]{1,2}-?\d+(?:, [A-Z]{1,2}-?\d+)*$/;

/** Names of tests in a source file that say what they are a check of. */
export function findChecks(file: string, text: string): readonly FoundCheck[] {
  return readLiterals(text).flatMap((name) => readName(name, file));
}

function readName(name: string, file: string): readonly FoundCheck[] {
  const numbered = NUMBERED.exec(name);
  if (numbered !== null) {
    const [, first = '', joint, last, source, sentence = ''] = numbered;
    return numbersOf(Number(first), joint, Number(last ?? first)).map((check) => ({
      check,
      source: source === undefined || CASE.test(source) ? sourceOf(check) : source,
      sentence: readable(sentence),
      file,
    }));
  }
  const [, source, sentence] = (file.startsWith('test/conformance/') && UNNUMBERED.exec(name)) || [];
  if (source === undefined || sentence === undefined) return [];
  return [{ check: null, source, sentence: readable(sentence), file }];
}

function numbersOf(first: number, joint: string | undefined, last: number): readonly number[] {
  const between =
    joint === 'and' ? [first, last] : Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return between.filter((check) => check >= 1 && check <= CHECKS);
}

/** Places that a table of cases fills in: `$name`, `%s`, `${typ}`. */
function readable(sentence: string): string {
  return sentence.replaceAll(/\$\{[^}]*\}|\$\w+|%[sdij]/g, '…');
}
