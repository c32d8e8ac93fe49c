import { ADMIN_API_ID } from '#core';
import type { AdminClient } from '../administration/admin-client.ts';
import { listAll } from '../administration/list-all.ts';
import { liveNumber } from '../administration/live-number.ts';
import { releaseIn } from '../administration/read-release.ts';
import type { Answer } from '../answer.ts';
import { Failure } from '../failure.ts';
import { endOfProbe } from '../probe/probe-operation.ts';
import { discoverProvider } from '../signing-in/discover-provider.ts';
import { failed, passed, type Finding } from './finding.ts';

/** Looks at what is registered and published, with one token for each call. Changes nothing. */
export async function checkAccount(admin: AdminClient): Promise<readonly Finding[]> {
  let roles: readonly string[];
  try {
    roles = (await admin.get('/whoami')).body.texts('roles');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [
      failed(
        'admin',
        error.message.split('\n')[0] ?? '',
        'start the admin process, sign in again (oncekey login), or have a role bound to you',
      ),
    ];
  }
  return [
    passed('admin', `your roles: ${roles.join(', ')}`),
    ...(await checkProviders(await enabled(admin, '/identity-providers'))),
    await checkRelease(admin),
    await checkClients(await listAll(admin, { path: '/clients' })),
  ];
}

async function enabled(admin: AdminClient, path: string): Promise<readonly Answer[]> {
  return (await listAll(admin, { path })).filter((one) => one.at('enabled').value !== false);
}

/** From here, which need not be what a broker sees. */
async function checkProviders(providers: readonly Answer[]): Promise<readonly Finding[]> {
  if (providers.length === 0) {
    return [
      failed(
        'identity-providers',
        'none is registered: nobody can sign in',
        'oncekey put identity-providers <file>',
      ),
    ];
  }
  return Promise.all(
    providers.map(async (provider) => {
      const id = `identity-provider ${provider.text('id')}`;
      try {
        await discoverProvider(provider.text('issuer'));
        return passed(id, `${provider.text('issuer')} is discovered`);
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        return failed(
          id,
          said,
          'brokers need its discovery document and keys, too: let it be reached, or correct its issuer',
        );
      }
    }),
  );
}

async function checkRelease(admin: AdminClient): Promise<Finding> {
  const number = await liveNumber(admin);
  const publish = 'oncekey apply <folder> -m <message>';
  if (number === 0) return failed('release', 'none is live: nothing is permitted', publish);
  const { apis } = releaseIn((await admin.get('/releases/live')).body);
  const described = apis.filter(({ operations }) => operations.length > 0).map(({ id }) => id);
  // The admin API's own are built in.
  const known = new Set([ADMIN_API_ID, ...described]);
  const bare = (await enabled(admin, '/resource-servers'))
    .map((one) => one.text('id'))
    .filter((id) => !known.has(id));
  return bare.length === 0
    ? passed('release', `${number} is live, and every resource server has operations`)
    : failed(
        'release',
        `no operations for ${bare.join(', ')}: nobody gets a token for it`,
        `oncekey import openapi <file> --api <id> --apply, then ${publish}`,
      );
}

async function checkClients(clients: readonly Answer[]): Promise<Finding> {
  const over = clients
    .map((one) => one.text('client_id'))
    .filter((id) => (endOfProbe(id) ?? Infinity) < Date.now() / 1000);
  if (over.length > 0) {
    return failed(
      'clients',
      `left by a probe that was killed: ${over.join(', ')}`,
      'the next oncekey probe takes it away',
    );
  }
  return clients.length === 0
    ? failed('clients', 'none is registered: nobody gets a token', 'oncekey put clients <file>')
    : passed('clients', `${clients.length} registered`);
}
