import { AdminProblem, type JsonObject } from '#core';

/** A body that has nothing to say is `{}`. Fails  admin.invalid */
export function readEmpty(body: JsonObject): void {
  const faults = Object.keys(body).map((name) => ({
    detail: 'is not a member of this document',
    pointer: `#/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
  }));
  if (faults.length > 0) throw new AdminProblem('admin.invalid', faults);
}
