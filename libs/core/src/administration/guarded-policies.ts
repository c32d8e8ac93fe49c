import type { PolicySource, ReleaseDocument } from '../policy/release.ts';

type Policies = Pick<ReleaseDocument, 'policies'>;

/** Does the change from one set of policies to another add, remove or alter one that can match the admin API? */
export function changesGuarded(
  before: Policies | null,
  after: Policies,
  touchesAdmin: (cedar: string) => boolean,
): boolean {
  const guarded = (document: Policies | null): ReadonlySet<string> =>
    new Set((document?.policies ?? []).filter(({ cedar }) => touchesAdmin(cedar)).map(nameOf));
  const old = guarded(before);
  const now = guarded(after);
  return old.size !== now.size || [...now].some((name) => !old.has(name));
}

function nameOf({ id, cedar }: PolicySource): string {
  return `${id}\n${cedar}`;
}
