import type { Trust } from '#core';
import { PostgresTrustSource, type TrustSourceOptions } from '#postgres';

export const AN_EMPTY_RELEASE = {
  document: { policies: [], apis: [], claimed: {} },
  author: 'ada',
  message: 'a release',
};

/** Trust that knows the ids of the enabled clients and the number of the live release. */
export const compileIds: TrustSourceOptions['compile'] = async ({
  registrations: { revision, clients },
  release,
}) => {
  if (release === null) return null;
  const ids = new Set(clients.map((document) => (document as { client_id: string }).client_id));
  const trust = {
    revision,
    caller: (id: string) => (ids.has(id) ? { kind: 'client', clientId: id } : null),
    release: { number: release.number },
  };
  return trust as unknown as Trust;
};

export const aClient = (client_id: string) => ({
  client_id,
  jwks: { keys: [] },
  identity_providers: [],
  resource_servers: [],
});

export function followTrust(url: string, options: Partial<TrustSourceOptions> = {}): PostgresTrustSource {
  const database = { url, applicationName: 'trust-test' };
  return new PostgresTrustSource({ database, compile: compileIds, onProblem: () => undefined, ...options });
}

export const knows = (source: PostgresTrustSource, clientId: string) => (): boolean => {
  return source.current().caller(clientId) !== null;
};
