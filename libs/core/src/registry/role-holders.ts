import { roleGroup, type RoleBinding } from '../administration/roles.ts';

/** Who somebody is, by the names that role bindings know. */
export interface RoleHolder {
  readonly issuer: string;
  readonly subject: string;
  /** As policies see them, without those that roles are. */
  readonly groups: readonly string[];
}

/** The role groups of a holder, as `roleGroupsOf` has them; looked up by name, however many bindings there are. */
export class RoleHolders {
  private readonly bySubject = new Map<string, Set<string>>();
  private readonly byGroup = new Map<string, Set<string>>();

  constructor(bindings: Iterable<RoleBinding>) {
    for (const { role, holder } of bindings) {
      if ('group' in holder) give(this.byGroup, holder.group, roleGroup(role));
      else give(this.bySubject, nameOf(holder), roleGroup(role));
    }
  }

  groupsOf(holder: RoleHolder): readonly string[] {
    const held = [
      this.bySubject.get(nameOf(holder)),
      ...holder.groups.map((group) => this.byGroup.get(group)),
    ];
    return [...new Set(held.flatMap((groups) => (groups === undefined ? [] : [...groups])))].toSorted();
  }
}

/** No issuer has a blank in it, so that no two holders share a name. */
function nameOf({ issuer, subject }: Pick<RoleHolder, 'issuer' | 'subject'>): string {
  return `${issuer} ${subject}`;
}

function give(holders: Map<string, Set<string>>, name: string, group: string): void {
  const held = holders.get(name);
  if (held === undefined) holders.set(name, new Set([group]));
  else held.add(group);
}
