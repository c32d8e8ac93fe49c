import { readQuickstartEnvironment, type QuickstartEnvironment } from '#quickstart';
import { ourQuickstart } from '../config.ts';
import { EXIT, Failure } from '../failure.ts';

/** Fails  Failure when no quickstart runs */
export async function runningQuickstart(): Promise<QuickstartEnvironment> {
  const found = await readQuickstartEnvironment(ourQuickstart().environment);
  if (found === null) throw new Failure('no quickstart runs: start one with `npm start`', EXIT.usage);
  return found;
}

/** Fails  Failure when the toy identity provider has no such user */
export function knownUser({ users }: QuickstartEnvironment['identity_provider'], user: string): void {
  if (!users.includes(user)) {
    throw new Failure(
      `the toy identity provider has no user "${user}", only ${users.join(' and ')}`,
      EXIT.usage,
    );
  }
}
