import type { ProblemDetail } from '../errors/admin-problem.ts';
import { assembleRelease, draftRowsOf, type DraftRow } from '../policy/draft.ts';
import type { PolicyProblem, ReleaseDocument } from '../policy/release.ts';
import { detailsOfPolicies } from './problem-details.ts';

type RowName = Pick<DraftRow, 'kind' | 'id'>;

/** The row of a draft that is called so; null when there is none. */
export function draftRow(document: ReleaseDocument, { kind, id }: RowName): DraftRow | null {
  return draftRowsOf(document).find((row) => row.kind === kind && row.id === id) ?? null;
}

/** A draft in which the row of this name is another; null: in which it is gone. */
export function changeDraft(
  document: ReleaseDocument,
  { kind, id }: RowName,
  row: DraftRow | null,
): Required<ReleaseDocument> {
  const others = draftRowsOf(document).filter((one) => one.kind !== kind || one.id !== id);
  return assembleRelease(row === null ? others : [...others, row]);
}

const OF_OPERATION = /^catalog#\/apis\/(\d+)\/operations\/(\d+)(\/.*)?$/;

/**
 * What of a draft's problems a change has to answer for: those of its policy, and all of the catalog, which was in
 * order before. Others are told, and keep nobody from saving: a policy may be saved before the operation that it names.
 */
export function problemsOfRow(
  { kind, id }: RowName,
  problems: readonly PolicyProblem[],
  { apis }: Pick<ReleaseDocument, 'apis'>,
): readonly ProblemDetail[] {
  switch (kind) {
    case 'policy':
      return detailsOfPolicies(problems.filter(({ policy }) => policy === id || policy === 'policies'));
    case 'policy_test':
      return [];
    case 'operation':
    case 'context_attribute':
      return problems.flatMap(({ policy, message }) => {
        if (!policy.startsWith('catalog')) return [];
        const [, api, at, member = ''] = OF_OPERATION.exec(policy) ?? [];
        const found = api === undefined ? undefined : apis[Number(api)]?.operations[Number(at)]?.id;
        if (found === undefined) return [{ detail: message, pointer: '#' }];
        return found === id
          ? [{ detail: message, pointer: `#${member}` }]
          : [{ detail: `${found}: its ${member.slice(1)} ${message}`, pointer: '#' }];
      });
  }
}
