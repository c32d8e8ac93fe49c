import type { CatalogOperation } from '../operation/catalog.ts';
import type { ClaimedType } from './policy-request.ts';
import type { PolicyTest } from './policy-test.ts';
import type { PolicySource, ReleaseDocument } from './release.ts';

/** An operation on its own, as a part of a draft. */
export interface OperationDocument extends CatalogOperation {
  /** Registration id of the resource server. */
  readonly api: string;
}

export interface ContextAttributeDocument {
  readonly name: string;
  readonly type: ClaimedType;
}

/** The parts that a draft is edited in; each has its own version. */
export type DraftRow =
  | { readonly kind: 'policy'; readonly id: string; readonly document: PolicySource }
  | { readonly kind: 'policy_test'; readonly id: string; readonly document: PolicyTest }
  | { readonly kind: 'operation'; readonly id: string; readonly document: OperationDocument }
  | { readonly kind: 'context_attribute'; readonly id: string; readonly document: ContextAttributeDocument };

/**
 * The release that a draft would become. Everything is sorted, so that equal drafts give equal documents, whatever
 * the order of their rows. An API is in the catalog by its operations.
 */
export function assembleRelease(rows: Iterable<DraftRow>): Required<ReleaseDocument> {
  const policies: PolicySource[] = [];
  const tests: PolicyTest[] = [];
  const claimed: [string, ClaimedType][] = [];
  const operations = new Map<string, CatalogOperation[]>();
  for (const row of [...rows].toSorted((a, b) => compare(a.id, b.id))) {
    switch (row.kind) {
      case 'policy':
        policies.push(row.document);
        break;
      case 'policy_test':
        tests.push(row.document);
        break;
      case 'context_attribute':
        claimed.push([row.document.name, row.document.type]);
        break;
      case 'operation': {
        const { api, ...operation } = row.document;
        operations.set(api, [...(operations.get(api) ?? []), operation]);
        break;
      }
    }
  }
  const apis = [...operations].map(([id, all]) => ({ id, operations: all }));
  return {
    policies,
    apis: apis.toSorted((a, b) => compare(a.id, b.id)),
    claimed: Object.fromEntries(claimed),
    tests,
  };
}

/** A release as the rows of a draft that would become it again. */
export function draftRowsOf({ policies, apis, claimed, tests = [] }: ReleaseDocument): readonly DraftRow[] {
  return [
    ...policies.map((document) => ({ kind: 'policy' as const, id: document.id, document })),
    ...tests.map((document) => ({ kind: 'policy_test' as const, id: document.id, document })),
    ...apis.flatMap((api) =>
      api.operations.map((operation) => ({
        kind: 'operation' as const,
        id: operation.id,
        document: { ...operation, api: api.id },
      })),
    ),
    ...Object.entries(claimed).map(([name, type]) => ({
      kind: 'context_attribute' as const,
      id: name,
      document: { name, type },
    })),
  ];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
