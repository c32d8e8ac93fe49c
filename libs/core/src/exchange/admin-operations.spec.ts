import { createWorld } from '#testing';
import {
  ADMIN_API_ID,
  ADMIN_OPERATIONS,
  administered,
  canonicalTargetUri,
  compileCatalog,
  exchange,
  OAuthError,
  readCatalogDocument,
  type ExchangePorts,
  type PolicyRequest,
  type RefusalReason,
} from '../index.ts';

/** A broker that the admin process has registered itself with, as any resource server does. */
function administeredWorld(resource: string, { mayAsk = true } = {}) {
  const world = createWorld();
  if (mayAsk) world.registrations.client.resourceServers.add(ADMIN_API_ID);
  const base = canonicalTargetUri(resource, { allowHttpLoopback: false })!;
  const server = { ...world.registrations.orders, id: ADMIN_API_ID, number: 9, resource, base };
  const current = world.ports.trust.current();
  const { apis } = administered({ policies: [], apis: current.release.catalog.apis, claimed: {} });
  const trust = {
    ...current,
    resourceServer: (href: string) => (href === base.href ? server : current.resourceServer(href)),
    release: { ...current.release, catalog: compileCatalog(apis) },
  };
  const ports: ExchangePorts = { ...world.ports, trust: { current: () => trust } };
  const ask = async (method: string, target: string): Promise<RefusalReason | PolicyRequest | undefined> => {
    const operation = {
      location: resource,
      method,
      targetUri: `${resource.replace(/\/$/, '')}${target}`,
      contentDigest: null,
      contentType: null,
    };
    return exchange(ports)(world.make.exchange({ resources: [resource], operation })).then(
      () => world.policy.asked.at(-1),
      (thrown: unknown) => (thrown instanceof OAuthError ? thrown.reason : Promise.reject(thrown)),
    );
  };
  return { ask };
}

describe('the exchange for the admin API', () => {
  const { ask } = administeredWorld('https://admin.example/');

  it.each(ADMIN_OPERATIONS.map(({ id, method, path }) => [id, method, path] as const))(
    'resolves %s',
    async (id, method, path) => {
      const target = path.replaceAll(/\{[a-z]+\}/g, '7');
      expect(await ask(method, target)).toMatchObject({ action: id, resource: ADMIN_API_ID });
    },
  );

  it.each<[string, string, string, object]>([
    ['a name with a dot', 'PUT', '/admin/v1/policies/oncekey-admin.read', { id: 'oncekey-admin.read' }],
    ['an escaped slash, as it came', 'GET', '/admin/v1/clients/a%2Fb', { id: 'a%2Fb' }],
    ['a query', 'GET', '/admin/v1/audit?subject=ada&from=2026-01-31T09:30:00Z', {}],
    ['a query beside a parameter', 'GET', '/admin/v1/releases/7?fields=diff', { number: '7' }],
    ['a release, not the live one', 'POST', '/admin/v1/releases/live/rollback', { number: 'live' }],
  ])('sees %s', async (_, method, target, parameters) => {
    const asked = await ask(method, target);
    expect(asked).toMatchObject({ context: { operation: { parameters } } });
    expect(asked).toMatchObject({ context: { operation: { targetUri: `https://admin.example${target}` } } });
  });

  it.each([
    ['another method', 'PATCH', '/admin/v1/policies/a'],
    ['a slash at the end', 'GET', '/admin/v1/policies/'],
    ['more path than the operation has', 'DELETE', '/admin/v1/policies/a/b'],
    ['another version', 'GET', '/admin/v2/policies'],
    ['what leads out of the API', 'GET', '/admin/v1/../metrics'],
    ['another case', 'GET', '/admin/v1/Policies'],
  ])('knows no operation for %s', async (_, method, target) => {
    expect(await ask(method, target)).toBe('operation.not_in_catalog');
  });

  it('works below a path of a gateway', async () => {
    const behind = administeredWorld('https://gateway.example/oncekey');
    expect(await behind.ask('GET', '/admin/v1/whoami')).toMatchObject({ action: 'admin.whoami' });
  });

  it('is for clients that may ask for it', async () => {
    const stranger = administeredWorld('https://admin.example/', { mayAsk: false });
    expect(await stranger.ask('GET', '/admin/v1/whoami')).toBe('resource.unknown');
  });
});

it('P-11 no catalog brings an API of its id, or operations named like its own', () => {
  const operations = [{ id: 'admin.policies.list', method: 'GET', path: '/admin/v1/policies' }];
  expect(readCatalogDocument({ apis: [{ id: ADMIN_API_ID, operations }] })).toEqual({
    problems: [
      { pointer: '#/apis/0/id', message: expect.any(String) as unknown },
      { pointer: '#/apis/0/operations/0/id', message: expect.any(String) as unknown },
    ],
  });
});
