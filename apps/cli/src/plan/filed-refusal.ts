import { AdminRefusal } from '../administration/admin-refusal.ts';
import type { PolicyFolder } from '../folder/read-policy-folder.ts';

/** A refusal whose faults stand at their places in the files of a folder, where they have one. */
export function filedRefusal(
  refusal: AdminRefusal,
  { document, policies, tests }: PolicyFolder,
): AdminRefusal {
  const filed = new Set(document.policies.map(({ id }) => id));
  const tested = new Set(document.tests.map(({ id }) => id));
  const errors = refusal.errors.map((error) => {
    const { policy, pointer, detail, line, column } = error;
    if (line > 0 && filed.has(policy)) {
      const suggestion = error.suggestion === '' ? null : error.suggestion;
      const problem = policies.problem({ policy, message: detail, line, column, suggestion }, '');
      const where = `${problem.file}:${problem.line ?? 1}:${column}`;
      return { ...error, policy: where, line: 0, detail: problem.message, suggestion: '' };
    }
    const at = /^#\/tests\/(\d+)/.exec(pointer)?.[1];
    const test = at === undefined ? undefined : document.tests[Number(at)]?.id;
    if (test === undefined || !tested.has(test)) return error;
    const problem = tests.problem(test, detail);
    return { ...error, pointer: '', policy: `${problem.file}:${problem.line ?? 1}` };
  });
  return new AdminRefusal(refusal.reason, refusal.status, { title: refusal.title, errors });
}
