import { describeAttempt, type Attempt } from './attempt.ts';

/** In the order in which they are told. */
export const ROW_IDS = [
  'first-call',
  'second-call',
  'cached-answer',
  'changed-body',
  'other-path',
  'head-for-get',
  'downgrade',
  'duplicate-header',
] as const;

export type RowId = (typeof ROW_IDS)[number];

/** What a gateway has to do. */
export const ROWS: Readonly<Record<RowId, string>> = {
  'first-call': 'a token lets its request in',
  'second-call': 'and no second one',
  'cached-answer': 'no answer is kept',
  'changed-body': 'another body is refused',
  'other-path': 'another path or query is refused',
  'head-for-get': 'HEAD is not GET',
  downgrade: 'the proof of the key is demanded',
  'duplicate-header': 'a doubled header is refused',
};

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
