import type { CatalogApi, PolicyRequest, PolicySource, ReleaseDocument } from '../../libs/core/src/index.ts';

const APIS = 50;
const OPERATIONS = 20;
const NOW = 1_736_937_000;

/** 50 resource servers of 20 operations each: as many operations as a catalog may have. */
function catalog(): readonly CatalogApi[] {
  return Array.from({ length: APIS }, (_, api) => ({
    id: `api${api}`,
    operations: Array.from({ length: OPERATIONS }, (_unused, at) => ({
      id: `api${api}.op${at}`,
      method: 'POST',
      path: `/things/{id}/op${at}`,
      tags: at % 2 === 0 ? ['even'] : ['odd'],
    })),
  }));
}

/**
 * So many policies spread evenly over the APIs, then over their operations. Of each twenty of an API eighteen
 * permit one operation to one group, one permits two, and one forbids something for the whole API.
 */
export function sampleRelease(policies: number): ReleaseDocument {
  return { apis: catalog(), claimed: {}, policies: Array.from({ length: policies }, (_, at) => policy(at)) };
}

function policy(number: number): PolicySource {
  const api = number % APIS;
  const turn = Math.floor(number / APIS);
  const operation = (at: number): string => `Action::"api${api}.op${(turn + at) % OPERATIONS}"`;
  const id = `p${number}`;
  if (turn % 20 === 19) {
    return {
      id,
      cedar: `forbid(principal, action in Action::"api:api${api}", resource == Api::"api${api}") when { context.client.id == "blocked-${number}" };`,
    };
  }
  const action =
    turn % 20 === 18 ? `action in [${operation(0)}, ${operation(1)}]` : `action == ${operation(0)}`;
  return {
    id,
    cedar: `@ttl("15")
permit(principal in Group::"group-${number}", ${action}, resource == Api::"api${api}")
when { context.auth has age && context.auth.age < 600 && context.client.id != "unwanted" };`,
  };
}

/** Questions that differ in all that policies look at; the first half of them is permitted by the first policy of its API. */
export function sampleRequests(count: number, policies: number): readonly PolicyRequest[] {
  return Array.from({ length: count }, (_, number) => {
    // Those APIs only that have a policy: an API without one is answered without asking Cedar.
    const api = number % Math.min(APIS, policies);
    const at = number % 2 === 0 ? 0 : number % OPERATIONS;
    const path = `/things/${number}/op${at}`;
    return {
      principal: {
        issuer: 'https://idp.example',
        subject: `user-${number}`,
        groups: [`group-${api}`, 'everybody'],
        email: null,
      },
      action: `api${api}.op${at}`,
      resource: `api${api}`,
      context: {
        operation: {
          method: 'POST',
          targetUri: `https://api${api}.example${path}`,
          path,
          parameters: { id: String(number) },
          hasDigest: true,
          contentType: 'application/json',
        },
        device: { keyThumbprint: `key-${number}` },
        network: { ip: '192.0.2.7' },
        auth: { acr: 'phr', amr: ['pwd', 'otp'], authTime: NOW - (number % 500) },
        client: { id: 'web' },
        time: NOW,
        claimed: {},
      },
    };
  });
}
