import { createOncekeyClient, type OncekeyClient, type StepUp } from '#client';
import { readPrivateJwk, signIn } from '#quickstart';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { CallOptions } from './call-options.ts';
import { readInput } from './read-input.ts';
import { knownUser, runningQuickstart } from './running-quickstart.ts';
import { tellWaiting } from './tell-waiting.ts';

/** Who signs in at the quickstart's identity provider when nobody is named. */
const DEFAULT_USER = 'ada';

const ELSEWHERE = ['issuer', 'clientId', 'clientKey', 'idToken'] as const;

/**
 * A client of the running quickstart, or of any broker when `--issuer`, `--client-id`, `--client-key` and
 * `--id-token` say which. Where somebody has to approve, it says so and waits. The device key is made for this command alone, unless `--device-key` names one.
 *
 * Fails  Failure when options are missing or contradict each other; Error when a file or a sign-in fails
 */
export async function openClient(terminal: Terminal, options: CallOptions): Promise<OncekeyClient> {
  const onApproval = tellWaiting(terminal);
  const dpopKey = options.deviceKey === undefined ? {} : { dpopKey: await readPrivateJwk(options.deviceKey) };
  const resource = options.resource === undefined ? {} : { resources: [options.resource] };
  const given = ELSEWHERE.filter((name) => options[name] !== undefined);
  if (given.length === 0)
    return quickstartClient(options.as ?? DEFAULT_USER, { onApproval, ...dpopKey, ...resource });

  const { issuer, clientId, clientKey, idToken } = options;
  if (issuer === undefined || clientId === undefined || clientKey === undefined || idToken === undefined) {
    throw new Failure('--issuer, --client-id, --client-key and --id-token belong together', EXIT.usage);
  }
  if (options.as !== undefined) {
    throw new Failure(
      '--as names a user of the quickstart; elsewhere it is --id-token that says who',
      EXIT.usage,
    );
  }
  const key = await readPrivateJwk(clientKey);
  return createOncekeyClient({
    issuer,
    clientId,
    clientKey: key,
    subjectToken: await tokenFrom(idToken),
    onApproval,
    ...(options.actorToken === undefined ? {} : { actorToken: await tokenFrom(options.actorToken) }),
    ...dpopKey,
    ...resource,
  });
}

async function tokenFrom(file: string): Promise<() => string> {
  const token = new TextDecoder().decode(await readInput(file)).trim();
  return () => token;
}

async function quickstartClient(
  user: string,
  more: Partial<Parameters<typeof createOncekeyClient>[0]>,
): Promise<OncekeyClient> {
  const { issuer, client, identity_provider: provider, resource_server: server } = await runningQuickstart();
  knownUser(provider, user);
  const clientKey = await readPrivateJwk(client.private_jwk_file);
  const signInAgain = (wishes: Partial<StepUp> = {}): Promise<string> =>
    signIn({ issuer: provider.issuer, clientId: provider.client_id, ...wishes }, user);
  return createOncekeyClient({
    issuer,
    clientId: client.client_id,
    clientKey,
    subjectToken: () => signInAgain(),
    onStepUp: signInAgain,
    resources: [server.resource],
    ...more,
  });
}
