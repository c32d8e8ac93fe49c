/** `@oncekey/client/node`: what needs a file system, an environment or other programs. */
export { githubActionsToken, type GithubActionsTokenOptions } from './github-actions-token.ts';
export { keyInFile } from './key-in-file.ts';
export { tokenFromCommand } from './token-from-command.ts';
export { tokenFromFile } from './token-from-file.ts';
export { tokenFromVariable, type Environment } from './token-from-variable.ts';
