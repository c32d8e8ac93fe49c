/** String literals on one line: the formatter never breaks one. */
const LITERAL = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n]|\\.)*)`/g;

/** The strings in a source file, in order. The name of every test is among them. */
export function readLiterals(text: string): readonly string[] {
  return [...text.matchAll(LITERAL)].map((literal) =>
    (literal[1] ?? literal[2] ?? literal[3] ?? '').replaceAll(/\\(.)/g, '$1'),
  );
}
