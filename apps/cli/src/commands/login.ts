import { EXIT, Failure } from '../failure.ts';
import { publicHalf } from '../profile/device-key.ts';
import { deviceKey, keepIdToken, readProfile, writeProfile } from '../profile/profile.ts';
import { knownProfile, providerOf } from '../signing-in/known-profile.ts';
import type { LoginOptions } from '../signing-in/login-options.ts';
import { signInWithBrowser } from '../signing-in/sign-in.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Makes the key of this device, once, signs the user in, and keeps the profile. A key that is new has to be registered
 * by somebody who may: what they need is printed.
 */
export async function login(terminal: Terminal, options: LoginOptions): Promise<number> {
  const known = await knownProfile();
  const isFirst = (await readProfile()) === null;
  const issuer = options.issuer ?? known.issuer;
  const adminUrl = options.admin ?? known.adminUrl;
  const clientId = options.clientId ?? known.clientId;
  if (issuer === undefined || adminUrl === undefined || clientId === undefined) {
    throw new Failure('the first login needs --issuer, --admin and --client-id', EXIT.usage);
  }
  const provider = providerOf(options, known);
  const key = await deviceKey();
  const { idToken, subject, expiresAt } = await signInWithBrowser(terminal, provider, options);
  await writeProfile({ issuer, adminUrl, clientId, provider });
  await keepIdToken(idToken, expiresAt);
  terminal.print(`signed in as ${subject} of ${provider.issuer}`);
  if (isFirst) {
    terminal.remark(
      `where this device is not registered yet, a registrar puts this key into client ${clientId}:`,
    );
    terminal.remark(JSON.stringify(publicHalf(key)));
  }
  return EXIT.done;
}
