import { readQuickstartEnvironment } from '#quickstart';
import { ourQuickstart } from '../config.ts';
import { EXIT, Failure } from '../failure.ts';
import { readProfile, type Profile } from '../profile/profile.ts';
import type { LoginOptions } from './login-options.ts';

/** What is known of a profile without being told: what is in it already, else the running quickstart. */
export async function knownProfile(): Promise<Partial<Profile>> {
  const profile = await readProfile();
  if (profile !== null) return profile;
  const quickstart = await readQuickstartEnvironment(ourQuickstart().environment);
  if (quickstart === null) return {};
  const { issuer, admin_url: adminUrl, identity_provider: provider } = quickstart;
  return { issuer, adminUrl, provider: { issuer: provider.issuer, clientId: provider.client_id, scope: '' } };
}

/** Where to sign in. Fails  Failure when nobody says */
export function providerOf(
  { provider, providerClientId, scope }: LoginOptions,
  known: Partial<Profile>,
): Profile['provider'] {
  const issuer = provider ?? known.provider?.issuer;
  const clientId = providerClientId ?? known.provider?.clientId;
  if (issuer === undefined || clientId === undefined) {
    throw new Failure('--provider and --provider-client-id say where to sign in', EXIT.usage);
  }
  return { issuer, clientId, scope };
}
