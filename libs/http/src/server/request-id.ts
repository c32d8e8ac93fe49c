import { randomBytes } from 'node:crypto';

const process = randomBytes(6).toString('base64url');
let count = 0;

/** Unique over all processes. Ids that callers send are not taken: they are text of strangers. */
export function newRequestId(): string {
  count += 1;
  return `${process}-${count.toString(36)}`;
}
