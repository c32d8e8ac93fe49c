import { AdminProblem, readPostureFacts, type PostureReport } from '#core';
import type { PostureDto } from './posture.dto.ts';

/** Fails  admin.invalid, with a pointer to each fact that is none */
export function readPosture({ compliant, facts = {} }: PostureDto): PostureReport {
  const read = readPostureFacts(facts);
  if ('facts' in read) return { compliant: compliant ?? null, facts: read.facts };
  const problems = read.problems.map(({ fact, detail }) => ({ detail, pointer: pointerTo(fact) }));
  throw new AdminProblem('admin.invalid', problems);
}

function pointerTo(fact: string | null): string {
  return fact === null ? '#/facts' : `#/facts/${fact.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
