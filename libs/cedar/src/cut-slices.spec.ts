import { cutSlices } from './cut-slices.ts';
import { NO_CATALOG } from './parse-policy.ts';
import { readPolicy, type ReadPolicy } from './read-policy.ts';
import { aDocument } from './testing/a-document.ts';

const [orders, billing] = aDocument().apis;
if (orders === undefined || billing === undefined) throw new Error('there are two APIs');

const policies = (...scopes: readonly string[]): readonly ReadPolicy[] =>
  scopes.flatMap((scope, at) => {
    const cedar = `permit(principal, ${scope});`;
    return readPolicy({ id: `p${at}`, cedar }, NO_CATALOG).policy ?? [];
  });

const times = (count: number, scope: string): readonly string[] => Array.from({ length: count }, () => scope);
const about = (operation: string): string => `action == Action::"orders.${operation}", resource`;

const brief = (all: readonly ReadPolicy[]): readonly (readonly [operations: string, policies: number])[] =>
  cutSlices(all, orders).map(({ api, policies: cut }) => [
    api.operations.map(({ id }) => id.slice('orders.'.length)).join(' '),
    cut.length,
  ]);

describe('slices', () => {
  it('of few policies are one per API', () => {
    expect(brief(policies(about('read'), about('list')))).toEqual([['list read refund', 2]]);
    expect(brief([])).toEqual([['list read refund', 0]]);
  });

  it('hold what can match the API, and nothing of another', () => {
    const all = policies(about('read'), 'action, resource == Api::"billing"', 'action, resource');
    expect(brief(all)).toEqual([['list read refund', 2]]);
    expect(cutSlices(all, billing)[0]?.policies.map(({ source }) => source.id)).toEqual(['p1', 'p2']);
  });

  it('of many policies are cut by operation; what the same policies decide stays together', () => {
    const all = policies(...times(10, about('refund')), 'action in Action::"api:orders", resource');
    expect(brief(all)).toEqual([
      ['list read', 1],
      ['refund', 11],
    ]);
  });

  it('are not cut where nearly every policy would be in nearly every cut', () => {
    const operations = Array.from({ length: 10 }, (_, at) => ({
      id: `o${at}`,
      method: 'GET',
      path: `/${at}`,
      tags: [],
    }));
    const api = { id: 'wide', operations };
    const all = policies(...times(20, 'action, resource'), 'action == Action::"o1", resource');
    expect(cutSlices(all, api).map((cut) => cut.policies.length)).toEqual([20, 21]);
    const own = operations.map(({ id }) => `action == Action::"${id}", resource`);
    expect(cutSlices(policies(...times(20, 'action, resource'), ...own), api)).toHaveLength(1);
  });
});
