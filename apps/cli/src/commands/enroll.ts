import { ADMIN_API_ID, ADMIN_PREFIX } from '#core';
import { readAdminRefusal } from '../administration/admin-refusal.ts';
import { Answer } from '../answer.ts';
import { EXIT, Failure } from '../failure.ts';
import { publicHalf } from '../profile/device-key.ts';
import { deviceKey, keepIdToken, writeProfile } from '../profile/profile.ts';
import { knownProfile, providerOf } from '../signing-in/known-profile.ts';
import type { LoginOptions } from '../signing-in/login-options.ts';
import { signInWithBrowser } from '../signing-in/sign-in.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Becomes an admin with the code of an enrolment link: registers the identity provider, and the key of this device as a
 * client. The code is used up by that.
 */
export async function enroll(terminal: Terminal, link: string, options: LoginOptions): Promise<number> {
  const { adminUrl, code } = readLink(link);
  const known = await knownProfile();
  const issuer = options.issuer ?? known.issuer;
  if (issuer === undefined) throw new Failure('--issuer names the broker', EXIT.usage);
  const provider = providerOf(options, known);
  const key = await deviceKey();
  const { idToken, expiresAt, algorithm } = await signInWithBrowser(terminal, provider, options);
  const clientId = options.clientId ?? `oncekey-cli-${(key['kid'] ?? '').slice(0, 8)}`;
  const providerId = options.providerId ?? new URL(provider.issuer).hostname.replaceAll(/[^a-z0-9]+/g, '-');
  const response = await fetch(`${adminUrl}${ADMIN_PREFIX}/enrolment`, {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      code,
      id_token: idToken,
      identity_provider: { id: providerId, issuer: provider.issuer, algorithms: [algorithm] },
      client: {
        client_id: clientId,
        jwks: { keys: [publicHalf(key)] },
        identity_providers: [{ id: providerId, audiences: [provider.clientId] }],
        resource_servers: [ADMIN_API_ID],
      },
    }),
  }).catch((cause: unknown) => {
    throw new Failure(`the admin API at ${adminUrl} does not answer`, EXIT.unavailable, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw readAdminRefusal(response.status, text);
  await writeProfile({ issuer, adminUrl, clientId, provider });
  await keepIdToken(idToken, expiresAt);
  const done = new Answer(JSON.parse(text));
  terminal.print(`${done.text('subject')} of ${done.text('issuer')} is ${done.texts('roles').join(', ')}`);
  return EXIT.done;
}

/** `https://admin.example/enroll#<code>`: the code stands where no server's log ever sees it. */
function readLink(link: string): { adminUrl: string; code: string } {
  const url = URL.canParse(link) ? new URL(link) : null;
  const code = url?.hash.slice(1) ?? '';
  if (url === null || !url.pathname.endsWith('/enroll') || code === '') {
    throw new Failure('this is not the whole link: it ends with /enroll# and a code', EXIT.usage);
  }
  return { adminUrl: `${url.origin}${url.pathname.slice(0, -'/enroll'.length)}`, code };
}
