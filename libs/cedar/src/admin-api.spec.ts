import {
  ADMIN_API_ID,
  ADMIN_OPERATIONS,
  CATALOG_CAPS,
  type CatalogApi,
  type LiveRelease,
  type ReleaseDocument,
} from '#core';
import { CedarCompiler } from './cedar-compiler.ts';
import { PreparsedSlots } from './preparsed-slots.ts';
import { aDocument } from './testing/a-document.ts';

const compiler = new CedarCompiler(new PreparsedSlots('admin-api-spec-'));

function releaseOf(document: Partial<ReleaseDocument>): LiveRelease {
  const compiled = compiler.compile(1, aDocument(document));
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  return compiled.release;
}

function problemsOf(document: Partial<ReleaseDocument>): readonly string[] {
  const compiled = compiler.compile(1, aDocument(document));
  return 'problems' in compiled ? compiled.problems.map(({ policy }) => policy) : [];
}

describe('the admin API', () => {
  const admin = 'permit(principal, action in Action::"tag:admin-read", resource == Api::"oncekey-admin");';

  it('is in the catalog of every release, one without an API too', () => {
    for (const apis of [aDocument().apis, []]) {
      const { catalog, policies } = releaseOf({ apis, policies: [{ id: 'p', cedar: admin }] });
      expect(catalog.match(ADMIN_API_ID, 'GET', '/admin/v1/whoami')?.operation.id).toBe('admin.whoami');
      expect(policies[0]?.operations).toContain('admin.policies.list');
    }
  });

  it('is what an unscoped permit reaches', () => {
    const [summary] = releaseOf({
      policies: [{ id: 'p', cedar: 'permit(principal, action, resource);' }],
    }).policies;
    expect(summary?.operations).toContain('admin.releases.publish');
  });

  it.each<{ name: string; apis: readonly CatalogApi[]; at: string }>([
    { name: 'an API of its name', apis: [{ id: ADMIN_API_ID, operations: [] }], at: '#/apis/0/id' },
    {
      name: 'an operation that could be one of its',
      apis: [
        {
          id: 'orders',
          operations: [{ id: 'admin.later', method: 'GET', path: '/later', tags: [] }],
        },
      ],
      at: '#/apis/0/operations/0/id',
    },
  ])('cannot be brought along: $name is refused', ({ apis, at }) => {
    expect(problemsOf({ apis })).toEqual([`catalog${at}`]);
  });

  it('does not count against the caps of a catalog', () => {
    const operations = Array.from({ length: CATALOG_CAPS.operations }, (_, at) => ({
      id: `o${at}`,
      method: 'GET',
      path: `/${at}`,
      tags: [],
    }));
    expect(ADMIN_OPERATIONS.length).toBeGreaterThan(0);
    expect(problemsOf({ apis: [{ id: 'large', operations }] })).toEqual([]);
  });
});
