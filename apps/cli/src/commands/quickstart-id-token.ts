import { signIn } from '#quickstart';
import { runningQuickstart, knownUser } from '../calling/running-quickstart.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Signs a user of the toy identity provider in, and prints the ID token alone. */
export async function quickstartIdToken(terminal: Terminal, user: string): Promise<number> {
  const { identity_provider: provider } = await runningQuickstart();
  knownUser(provider, user);
  terminal.print(await signIn({ issuer: provider.issuer, clientId: provider.client_id }, user));
  return EXIT.done;
}
