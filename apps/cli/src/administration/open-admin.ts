import { createOncekeyClient, type StepUp } from '#client';
import { readPrivateJwk, signIn } from '#quickstart';
import { knownUser, runningQuickstart } from '../calling/running-quickstart.ts';
import { tellWaiting } from '../calling/tell-waiting.ts';
import { EXIT, Failure } from '../failure.ts';
import { deviceKey, keepIdToken, keptIdToken, readProfile, type Profile } from '../profile/profile.ts';
import { signInWithBrowser, type SignInWishes } from '../signing-in/sign-in.ts';
import type { Terminal } from '../terminal.ts';
import { AdminClient } from './admin-client.ts';

/** Options that say on whose behalf the admin API is called. */
export interface AdminOptions {
  /** A user of the quickstart. */
  readonly as?: string;
  readonly json?: boolean;
}

/** Whoever administers here: the admin API, and what earns its tokens. */
export interface AdminAccount {
  readonly admin: AdminClient;
  /** Issuer identifier of the broker. */
  readonly issuer: string;
  readonly adminUrl: string;
  /** A fresh ID token of the admin. */
  readonly subjectToken: () => Promise<string>;
}

/** Who administers the quickstart when nobody is named. */
const DEFAULT_USER = 'ada';

/** A token is earned with an ID token that lives at least this long. */
const LEFT_SECONDS = 30;

/** As `openAccount`, for whoever needs the admin API alone. */
export async function openAdmin(terminal: Terminal, options: AdminOptions): Promise<AdminClient> {
  return (await openAccount(terminal, options)).admin;
}

/**
 * The account of the profile, else at the running quickstart; `--as` is always a user of the quickstart.
 *
 * Fails  Failure when there is neither
 */
export async function openAccount(terminal: Terminal, { as }: AdminOptions): Promise<AdminAccount> {
  const profile = as === undefined ? await readProfile() : null;
  if (profile !== null) return accountOf(terminal, profile);
  const quickstart = await runningQuickstart().catch((cause: unknown) => {
    throw new Failure(
      'no admin API: sign in with oncekey login, or start the quickstart with npm start',
      EXIT.usage,
      { cause },
    );
  });
  const { issuer, admin_url: url, client, identity_provider: provider } = quickstart;
  const user = as ?? DEFAULT_USER;
  knownUser(provider, user);
  const key = await readPrivateJwk(client.private_jwk_file);
  const subjectToken = once(() => signIn({ issuer: provider.issuer, clientId: provider.client_id }, user));
  const admin = new AdminClient(
    url,
    createOncekeyClient({
      issuer,
      clientId: client.client_id,
      clientKey: key,
      dpopKey: key,
      subjectToken,
      onApproval: tellWaiting(terminal),
      resources: [url],
    }),
  );
  return { admin, issuer, adminUrl: url, subjectToken };
}

async function accountOf(terminal: Terminal, profile: Profile): Promise<AdminAccount> {
  const { issuer, adminUrl, clientId, provider } = profile;
  const key = await deviceKey();
  const subjectToken = async (): Promise<string> => {
    const kept = await keptIdToken(LEFT_SECONDS);
    if (kept !== null) return kept;
    return signInAgain({});
  };
  const signInAgain = async (wishes: SignInWishes): Promise<string> => {
    const { idToken, expiresAt } = await signInWithBrowser(terminal, provider, wishes);
    await keepIdToken(idToken, expiresAt);
    return idToken;
  };
  const admin = new AdminClient(
    adminUrl,
    createOncekeyClient({
      issuer,
      clientId,
      clientKey: key,
      dpopKey: key,
      subjectToken,
      onStepUp: (stepUp) => signInAgain(wishesOf(stepUp)),
      onApproval: tellWaiting(terminal),
      resources: [adminUrl],
    }),
  );
  return { admin, issuer, adminUrl, subjectToken };
}

function wishesOf({ acrValues, maxAgeSeconds }: StepUp): SignInWishes {
  return {
    ...(acrValues.length === 0 ? {} : { acrValues: acrValues.join(' ') }),
    ...(maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds }),
  };
}

function once(make: () => Promise<string>): () => Promise<string> {
  let made: Promise<string> | null = null;
  return () => (made ??= make());
}
