import { AdminProblem } from '#core';

const NUMBER = /^(0|[1-9][0-9]{0,8})$/;

/** Of a path. Fails  admin.not_found: nothing else is the name of a release */
export function readReleaseNumber(text: string): number {
  if (!NUMBER.test(text)) throw new AdminProblem('admin.not_found');
  return Number(text);
}

/** Of If-Match: the number that the caller takes to be live, 0 for none. Fails  admin.precondition_failed */
export function readLiveNumber(version: string): number {
  if (!NUMBER.test(version)) throw new AdminProblem('admin.precondition_failed');
  return Number(version);
}
