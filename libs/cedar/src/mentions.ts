import { isJsonObject } from '#core';

/** Does a variable occur anywhere in this part of a policy, in Cedar's JSON form? */
export function mentions(node: unknown, variable: 'principal' | 'action' | 'resource'): boolean {
  if (Array.isArray(node)) return node.some((item) => mentions(item, variable));
  if (!isJsonObject(node)) return false;
  return node['Var'] === variable || Object.values(node).some((child) => mentions(child, variable));
}
