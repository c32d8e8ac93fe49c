import type { CallerAuthentication, PermittedWorkloads, Quota } from '#core';
import type { FakeKey } from './fake-signatures.ts';
import { ownKeys } from './own-keys.ts';

/** The client of a small broker; a test may change what it is registered for. */
export function deskClient(key: FakeKey) {
  return {
    authentication: ownKeys(key) as CallerAuthentication,
    kind: 'client' as const,
    clientId: 'desk',
    identityProviders: new Map([['corp', ['desk-app']]]),
    resourceServers: new Set(['orders', 'elsewhere']),
    actors: new Map([['corp', { audiences: ['agents'], subjects: new Set(['agent-7']) }]]),
    workloads: [] as PermittedWorkloads[],
    tradesTransactions: false,
    quota: null as Quota | null,
    browserOrigins: new Set<string>(),
  };
}
