import { describeAttempt, type Attempt } from './attempt.ts';

/** What a gateway has to do, in the order in which it is tried. */
export const ROWS = {
  'first-call': 'a token lets its request in',
  'second-call': 'and no second one',
  'cached-answer': 'no answer is kept',
  'changed-body': 'another body is refused',
  'other-path': 'another path or query is refused',
  'head-for-get': 'HEAD is not GET',
  downgrade: 'the proof of the key is demanded',
  'duplicate-header': 'a doubled header is refused',
} as const;

export type RowId = keyof typeof ROWS;

export interface Row {
  readonly id: RowId;
  /** `skipped`: it does not apply, or another row has it. */
  readonly state: 'passed' | 'failed' | 'skipped';
  /** What was seen. */
  readonly says: string;
  readonly attempts: readonly Attempt[];
}

/** The row of attempts that all have to be refused. */
export function rowOfRefusals(id: RowId, attempts: readonly Attempt[], remark = ''): Row {
  const wrong = attempts.find(({ outcome }) => outcome !== 'refused');
  if (wrong === undefined) {
    const statuses = [...new Set(attempts.map(({ status }) => status))].join(', ');
    return { id, state: 'passed', says: `${statuses}${remark}`, attempts };
  }
  const did = wrong.outcome === 'in' ? 'got in' : 'could not be decided';
  return { id, state: 'failed', says: `${wrong.says} ${did}: ${describeAttempt(wrong)}`, attempts };
}
