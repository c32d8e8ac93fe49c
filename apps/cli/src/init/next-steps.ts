import type { CatalogOperation } from '#core';
import { GATEWAY_SETUPS, type GatewayProduct, type GatewaySetup } from '../gateways/gateway-setups.ts';
import { bodyCheckOf, type BodyCheck } from './server-document.ts';
import type { StarterPolicies } from './starter-policies.ts';

/** What has been made, and where. */
export interface MadeApi {
  readonly id: string;
  readonly clientId: string;
  readonly resource: string;
  readonly issuer: string | null;
  /** Folder of all files. */
  readonly out: string;
  readonly keyFile: string;
  readonly gateway: GatewayProduct | 'none';
  readonly body?: BodyCheck;
  readonly operations: readonly CatalogOperation[];
  readonly starter: StarterPolicies;
  /** Clients that may ask for tokens for it. */
  readonly clients: readonly string[];
}

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** What to do next: commands to paste; lines that begin with `#` are for people. */
export function nextSteps(made: MadeApi): readonly string[] {
  const { id, resource, issuer, out, clients, starter } = made;
  const groups = [...new Set(starter.permits.map(({ group }) => group))];
  const policies = `${out}/policies`;
  return [
    ...(issuer === null ? [`npx oncekey put resource-servers ${out}/resource-server.yaml`] : []),
    `# who gets in: whoever the identity provider puts into ${groups.slice(0, 5).join(', ')}${groups.length > 5 ? ', ...' : ''}`,
    ...(clients.length === 0
      ? [
          `# which software may ask for tokens: add ${id} to the resource_servers of a client, or --client <id>`,
        ]
      : []),
    `npx oncekey policy test ${policies}`,
    `npx oncekey plan ${policies}`,
    `npx oncekey apply ${policies} -m 'protect ${id}'`,
    ...gatewaySteps(made),
    `npx oncekey probe ${resource}`,
  ];
}

function gatewaySteps(made: MadeApi): readonly string[] {
  const { gateway, issuer, clientId, keyFile, resource, out } = made;
  if (gateway === 'none') {
    return [
      `# the guard of the API (@oncekey/resource-server): issuer ${issuer ?? 'of the broker'}, clientId ${clientId}, privateKey from ${keyFile}, resource ${resource}`,
    ];
  }
  const { start }: GatewaySetup = GATEWAY_SETUPS[gateway];
  const bodied = made.operations.find(({ method }) => WITH_BODY.has(method));
  return [
    ...(bodied !== undefined && bodyCheckOf(made) === 'none'
      ? [
          `# ${bodied.method} ${bodied.path} and the like are refused: nobody here looks at bodies. docs/protect-your-api.md#bodies says how`,
        ]
      : []),
    ...start(`${out}/${gateway}`),
  ];
}
