/** `@oncekey/client/browser`: what needs a browser. */
export { keyInIndexedDb } from './key-in-indexed-db.ts';
