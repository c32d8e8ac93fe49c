/** `@oncekey/client/node`: what needs a file system. */
export { keyInFile } from './key-in-file.ts';
