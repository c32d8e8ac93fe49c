import { isJsonObject } from '../shared/strict-json.ts';
import { draftRowsOf, type DraftRow } from './draft.ts';
import type { ReleaseDocument } from './release.ts';

/** Ids, sorted. */
export interface PartDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface ReleaseDiff {
  readonly policies: PartDiff;
  /** An operation that moves to another API is changed. */
  readonly operations: PartDiff;
  readonly claimed: PartDiff;
  readonly tests: PartDiff;
}

/** What `after` has, lacks and says differently. Null: before the first release. Order and tags twice do not count. */
export function diffReleases(before: ReleaseDocument | null, after: ReleaseDocument): ReleaseDiff {
  const old = before === null ? [] : draftRowsOf(before);
  const now = draftRowsOf(after);
  const diff = (kind: DraftRow['kind']): PartDiff => diffParts(textsOf(old, kind), textsOf(now, kind));
  return {
    policies: diff('policy'),
    operations: diff('operation'),
    claimed: diff('context_attribute'),
    tests: diff('policy_test'),
  };
}

export function isEmptyDiff({ policies, operations, claimed, tests }: ReleaseDiff): boolean {
  return [policies, operations, claimed, tests].every(
    ({ added, removed, changed }) => added.length + removed.length + changed.length === 0,
  );
}

function textsOf(rows: readonly DraftRow[], kind: DraftRow['kind']): ReadonlyMap<string, string> {
  return new Map(rows.filter((row) => row.kind === kind).map((row) => [row.id, textOf(row)]));
}

function textOf(row: DraftRow): string {
  if (row.kind !== 'operation') return canonicalText(row.document);
  return canonicalText({ ...row.document, tags: [...new Set(row.document.tags)].toSorted() });
}

function diffParts(old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): PartDiff {
  return {
    added: [...now.keys()].filter((id) => !old.has(id)).toSorted(),
    removed: [...old.keys()].filter((id) => !now.has(id)).toSorted(),
    changed: [...now.keys()].filter((id) => old.has(id) && old.get(id) !== now.get(id)).toSorted(),
  };
}

/** The same text for the same members, whatever their order: databases keep none. */
function canonicalText(document: object): string {
  return JSON.stringify(document, (_, value: unknown) =>
    isJsonObject(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
