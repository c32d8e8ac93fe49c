import { AdminProblem, type PostureReport, type ProblemDetail } from '#core';
import type { PostureDto } from './posture.dto.ts';

const MAX_FACTS = 64;
const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Names and truths, and nothing that could be taken for one. Fails  admin.invalid */
export function readPosture({ compliant, facts = {} }: PostureDto): PostureReport {
  const read: Record<string, boolean> = {};
  const problems: ProblemDetail[] = [];
  for (const [name, value] of Object.entries(facts)) {
    const pointer = `#/facts/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!NAME.test(name)) problems.push({ detail: `must be called like ${NAME.source}`, pointer });
    else if (typeof value !== 'boolean') problems.push({ detail: 'must be true or false', pointer });
    else read[name] = value;
  }
  if (Object.keys(facts).length > MAX_FACTS) {
    problems.push({ detail: `must be at most ${MAX_FACTS} facts`, pointer: '#/facts' });
  }
  if (problems.length > 0) throw new AdminProblem('admin.invalid', problems);
  return { compliant: compliant ?? null, facts: read };
}
