/** A piece of Cedar text that means something: a word, a string literal or one operator. */
export interface CedarToken {
  readonly text: string;
  /** Index of its first character. */
  readonly at: number;
}

/** Blanks and comments are skipped; whatever is no word, number or string is an operator of one or two characters. */
const TOKEN =
  /\s+|\/\/[^\n\r]*|([A-Za-z_][A-Za-z0-9_]*|[0-9]+|"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|&&|\|\||==|!=|<=|>=|::|[\s\S])/g;

/**
 * The tokens of a Cedar text. It is read far enough to tell code from comments and strings; whether it is Cedar is
 * for Cedar to say. Never fails; a string that is not closed reaches to the end of the text.
 */
export function cedarTokens(text: string): readonly CedarToken[] {
  const tokens: CedarToken[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [, token] = match;
    if (token !== undefined) tokens.push({ text: token, at: match.index });
  }
  return tokens;
}
