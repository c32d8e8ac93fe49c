import { isJsonObject, type JsonObject } from '#core';
import { entityLiteral, type EntityLiteral } from './entity-literal.ts';

/**
 * What policies refer to, collected from their JSON form. A path stands for itself and all below it; the empty path
 * is the whole of the context, or of the principal's attributes.
 */
export interface References {
  /** Paths into the context, members joined by dots. */
  readonly context: ReadonlySet<string>;
  /** Attributes of the principal. */
  readonly principal: ReadonlySet<string>;
  /** A policy compares the principal itself, and does not merely ask for its groups or attributes. */
  readonly principalItself: boolean;
  /** Each attribute that is read, or tested with `has`. */
  readonly accesses: readonly Access[];
  readonly entities: readonly EntityLiteral[];
}

/** Collects references. Whatever is not understood is searched through, and a variable in it counts as read whole. */
export function referencesOf(policies: readonly unknown[]): References {
  const found = new Collector();
  for (const policy of policies) found.search(policy);
  return found;
}

class Collector implements References {
  readonly context = new Set<string>();
  readonly principal = new Set<string>();
  readonly entities: EntityLiteral[] = [];
  readonly accesses: Access[] = [];
  private comparesPrincipal = false;

  get principalItself(): boolean {
    return this.comparesPrincipal || this.entities.some(({ type }) => type === 'User' || type === 'Workload');
  }

  search(node: unknown): void {
    if (Array.isArray(node)) {
      for (const item of node) this.search(item);
      return;
    }
    if (!isJsonObject(node)) return;
    const literal = entityLiteral(node);
    if (literal !== null) this.entities.push(literal);
    if (this.takeVariable(node) || this.takeAccess(node) || this.takeMembership(node)) return;
    for (const child of Object.values(node)) this.search(child);
  }

  /** A variable that stands by itself. */
  private takeVariable(node: JsonObject): boolean {
    const name = node['Var'];
    if (name === 'context') this.context.add('');
    if (name === 'principal') {
      this.principal.add('');
      this.comparesPrincipal = true;
    }
    return typeof name === 'string';
  }

  /** `variable.a.b` and `variable has a.b`. */
  private takeAccess(node: JsonObject): boolean {
    const access = accessOf(node);
    if (access === null) return false;
    this.accesses.push(access);
    if (access.variable === 'context') this.context.add(access.path);
    if (access.variable === 'principal') this.principal.add(access.path.split('.')[0] ?? '');
    return true;
  }

  /** `principal in X` and `principal is T` look at types and groups, not at who it is. */
  private takeMembership(node: JsonObject): boolean {
    const test = node['in'] ?? node['is'];
    if (!isJsonObject(test) || !isJsonObject(test['left']) || test['left']['Var'] !== 'principal')
      return false;
    for (const [name, child] of Object.entries(test)) if (name !== 'left') this.search(child);
    return true;
  }
}

/** One reading or testing of an attribute. */
interface Access {
  readonly variable: string;
  /** Members joined by dots. */
  readonly path: string;
}

/** Takes `context.a.b`, or `context.a has b.c`, apart; null when it is no chain of names from a variable on. */
function accessOf(node: JsonObject): Access | null {
  const names: string[] = [];
  let at: unknown = node;
  while (isJsonObject(at)) {
    const { Var: variable } = at;
    if (typeof variable === 'string') {
      if (names.length === 0) return null;
      return { variable, path: pathOf(names) };
    }
    const step: unknown = at['.'] ?? (at === node ? at['has'] : undefined);
    if (!isJsonObject(step)) return null;
    const attribute = step['attr'];
    const steps: readonly unknown[] = Array.isArray(attribute) ? attribute : [attribute];
    if (!steps.every((name) => typeof name === 'string')) return null;
    names.unshift(...steps);
    at = step['left'];
  }
  return null;
}

/** A name with a dot in it would pass for two: such a path stands for everything. */
function pathOf(names: readonly string[]): string {
  return names.some((name) => name.includes('.') || name === '') ? '' : names.join('.');
}

/** As `refersTo`, for a path that may be a record: do these paths meet it, above or below? */
export function touches(paths: ReadonlySet<string>, path: string): boolean {
  return refersTo(paths, path) || [...paths].some((one) => one.startsWith(`${path}.`));
}

/** Does one of these paths stand for `path`, a member below it, or the record that holds it? */
export function refersTo(paths: ReadonlySet<string>, path: string): boolean {
  if (paths.has('')) return true;
  for (let end = path.length; end !== -1; end = path.lastIndexOf('.', end - 1)) {
    if (paths.has(path.slice(0, end))) return true;
  }
  return false;
}
