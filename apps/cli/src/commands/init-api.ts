import { join } from 'node:path';
import { stringify } from 'yaml';
import type { JsonObject, ReleaseDocument } from '#core';
import { openAccount, type AdminOptions } from '../administration/open-admin.ts';
import { releaseIn } from '../administration/read-release.ts';
import { EXIT, Failure } from '../failure.ts';
import { gatewayFiles, type GatewayProduct } from '../gateways/gateway-setups.ts';
import { apiPlace, type ApiPlace, type PlaceOptions } from '../init/api-place.ts';
import { beginPolicies } from '../init/begin-policies.ts';
import { describedApi, type DescribedApi } from '../init/described-api.ts';
import { differs, tellInit } from '../init/init-report.ts';
import { keepFiles } from '../init/kept-files.ts';
import { nextSteps } from '../init/next-steps.ts';
import { planServer, type PlannedServer } from '../init/plan-server.ts';
import { admitClient, importCatalog, registerServer, type Registered } from '../init/register-api.ts';
import type { BodyCheck } from '../init/server-document.ts';
import { starterPolicies } from '../init/starter-policies.ts';
import { tellProblems } from '../policies/tell-problems.ts';
import type { AdminClient } from '../administration/admin-client.ts';
import type { Terminal } from '../terminal.ts';

export interface InitApiOptions extends AdminOptions, PlaceOptions {
  readonly gateway: GatewayProduct | 'none';
  readonly id?: string;
  readonly out: string;
  readonly group?: string;
  readonly client?: readonly string[];
  readonly from?: readonly string[];
  readonly body?: BodyCheck;
  readonly key?: string;
  readonly force?: boolean;
  readonly offline?: boolean;
}

/** Before the first release. */
const NOTHING: ReleaseDocument = { apis: [], claimed: {}, policies: [], tests: [] };

const GROUP = /^[^"\\\p{C}]{1,64}$/u;

/**
 * Registers an API that an OpenAPI document describes, and writes what it begins with: policies that deny first, with
 * their tests, and the configuration of its gateway. What is there already stays as it is. Out: 1 when something of it
 * says otherwise.
 */
export async function initApi(terminal: Terminal, file: string, options: InitApiOptions): Promise<number> {
  const { id, out, group, json } = options;
  const force = options.force === true;
  if (group !== undefined && !GROUP.test(group))
    throw new Failure(`--group "${group}" cannot be named in a policy`, EXIT.usage);
  const account = options.offline === true ? null : await openAccount(terminal, options);
  const place = apiPlace(options, account?.issuer ?? null);
  const api = await describedApi(file, { id, resource: place.resource });
  if ('problems' in api) return tellProblems(terminal, api.problems, json);
  const starter = starterPolicies(api.id, api.operations, group);
  const drafted = account === null ? null : await account.admin.get('/draft');
  const draft = drafted === null ? NOTHING : releaseIn(drafted.body);
  const clientId = `${api.id}-api`;
  const keyFile = options.key ?? join(out, 'keys', `${clientId}.jwk.json`);
  const { gateway, from = ['127.0.0.1'], body } = options;
  const facts = {
    ...{ id: api.id, clientId, resource: place.resource, gateway, from },
    ...(body === undefined ? {} : { body }),
  };
  const server = await planServer(account?.admin ?? null, facts, keyFile);
  const policies = await beginPolicies(join(out, 'policies'), { api, starter }, { draft, force });
  if ('problems' in policies) return tellProblems(terminal, policies.problems, json);
  // Nothing has been changed up to here. The key comes first: nothing is registered with one that nobody has.
  const keys = await server.keepKey();
  const registered =
    account === null || drafted === null
      ? []
      : await register(
          account.admin,
          { api, server, draft, etag: drafted.etag },
          { ...options, isMaking: policies.isMaking },
        );
  const made = { ...place, ...facts, issuer: account?.issuer ?? null, out, keyFile, starter };
  const report = {
    registered,
    files: [
      ...keys,
      ...(await policies.write()),
      ...(await keepFiles(out, filesOf({ ...facts, place, wanted: server.wanted }), force)),
    ],
    differences: policies.differences,
    next: nextSteps({ ...made, operations: api.operations, clients: options.client ?? [] }),
  };
  tellInit(terminal, report, json === true);
  return differs(report) ? EXIT.refused : EXIT.done;
}

interface Planned {
  readonly api: DescribedApi;
  readonly server: PlannedServer;
  readonly draft: ReleaseDocument;
  readonly etag: string;
}

async function register(
  admin: AdminClient,
  { api, server, draft, etag }: Planned,
  { force = false, client = [], isMaking }: Pick<InitApiOptions, 'force' | 'client'> & { isMaking: boolean },
): Promise<readonly Registered[]> {
  const registered = [await registerServer(admin, { ...server, force })];
  for (const clientId of client) registered.push(await admitClient(admin, clientId, api.id));
  if (!isMaking) return registered;
  const { id, document: openapi, operations } = api;
  return [...registered, await importCatalog(admin, { api: id, openapi, operations, draft, etag })];
}

interface WrittenServer {
  readonly id: string;
  readonly clientId: string;
  readonly gateway: GatewayProduct | 'none';
  readonly place: ApiPlace;
  readonly wanted: JsonObject;
}

/** What lies beside the policies, by name. */
function filesOf({ id, clientId, gateway, place, wanted }: WrittenServer): ReadonlyMap<string, string> {
  const files = gateway === 'none' ? [] : [...gatewayFiles(gateway, { ...place, id, clientId })];
  return new Map([
    ['.gitignore', '# Private keys.\n/keys/\n'],
    ['resource-server.yaml', `# As it is registered: oncekey put resource-servers\n${stringify(wanted)}`],
    ...files.map(([name, text]) => [`${gateway}/${name}`, text] as const),
  ]);
}
