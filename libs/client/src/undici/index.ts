/** `@oncekey/client/undici`: for undici's own `request` and `stream`. */
export { oncekeyUndici, type UndiciController, type UndiciHandler } from './oncekey-undici.ts';
export type { DispatchedRequest } from './read-dispatched.ts';
