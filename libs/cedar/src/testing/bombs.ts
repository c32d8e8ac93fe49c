/** A condition that holds for `aRequest`. */
export const TEST = 'context.client.id == "web"';

/** Each of these, a few times larger, breaks the engine for the rest of the process. */
export const BOMBS: Record<string, (size: number) => string> = {
  brackets: (size) => `${'('.repeat(size)}${TEST}${')'.repeat(size)}`,
  negations: (size) => `${'!('.repeat(size)}${TEST}${')'.repeat(size)}`,
  'a chain of or': (size) => Array.from({ length: size }, () => TEST).join(' || '),
  'a chain of and': (size) => Array.from({ length: size }, () => TEST).join(' && '),
  'a chain of sums': (size) => `${Array.from({ length: size }, () => '1').join(' + ')} > 0 && ${TEST}`,
  'nested sets': (size) =>
    `${'['.repeat(size)}1${']'.repeat(size)} == ${'['.repeat(size)}1${']'.repeat(size)}`,
  'nested conditions': (size) => `${'if true then '.repeat(size)}${TEST}${' else false'.repeat(size)}`,
  'nested or': (size) => `${`(${TEST} || `.repeat(size)}true${')'.repeat(size)}`,
  'a chain of methods': (size) => `[1]${'.contains(1)'.repeat(size)}`,
  clauses: (size) => Array.from({ length: size }, () => TEST).join(' } when { '),
  'a deep test': (size) => `context has ${Array.from({ length: size }, () => 'a').join('.')}`,
};
