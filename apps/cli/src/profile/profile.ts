import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder, readPrivateJwk, writePrivateFile, type JwkTexts } from '#quickstart';
import { Answer } from '../answer.ts';
import { profileFolder } from '../config.ts';
import { Failure } from '../failure.ts';
import { newDeviceKey } from './device-key.ts';

/** Whom this device calls, and where its user signs in. None of it is a secret. */
export interface Profile {
  /** Issuer identifier of the broker. */
  readonly issuer: string;
  readonly adminUrl: string;
  readonly clientId: string;
  readonly provider: { readonly issuer: string; readonly clientId: string; readonly scope: string };
}

const FILES = { profile: 'profile.json', key: 'device.jwk.json', idToken: 'id-token.json' } as const;

const pathOf = (file: keyof typeof FILES): string => join(profileFolder(), FILES[file]);

/** Null when there is none. Fails  Failure when it is not what `oncekey login` writes */
export async function readProfile(): Promise<Profile | null> {
  const answer = await readJson(pathOf('profile'));
  if (answer === null) return null;
  const provider = answer.at('provider');
  const profile: Profile = {
    issuer: answer.text('issuer'),
    adminUrl: answer.text('admin_url'),
    clientId: answer.text('client_id'),
    provider: {
      issuer: provider.text('issuer'),
      clientId: provider.text('client_id'),
      scope: provider.text('scope'),
    },
  };
  if (![profile.issuer, profile.adminUrl, profile.provider.issuer].every((url) => URL.canParse(url)))
    throw new Failure(`${pathOf('profile')} is no profile; make it anew with oncekey login`);
  return profile;
}

export async function writeProfile({ issuer, adminUrl, clientId, provider }: Profile): Promise<void> {
  await makePrivateFolder(profileFolder());
  const { issuer: providerIssuer, clientId: providerClientId, scope } = provider;
  await writeJson('profile', {
    issuer,
    admin_url: adminUrl,
    client_id: clientId,
    provider: { issuer: providerIssuer, client_id: providerClientId, scope },
  });
}

/**
 * The key of this device, made at the first call. It opens nothing by itself: the broker wants an ID token with it, and
 * the policies a role.
 */
export async function deviceKey(): Promise<JwkTexts> {
  await makePrivateFolder(profileFolder());
  if ((await readJson(pathOf('key'))) === null) await writeJson('key', newDeviceKey());
  return readPrivateJwk(pathOf('key'));
}

/** Null when there is none, or when it has less than `leftSeconds` to live. */
export async function keptIdToken(leftSeconds: number): Promise<string | null> {
  const kept = await readJson(pathOf('idToken'));
  if (kept === null || kept.number('expires_at') - leftSeconds < Date.now() / 1000) return null;
  return kept.text('id_token') || null;
}

export async function keepIdToken(idToken: string, expiresAt: number): Promise<void> {
  await writeJson('idToken', { id_token: idToken, expires_at: expiresAt });
}

/** Takes the ID token away; with `all`, the key and the profile too. */
export async function forget(all: boolean): Promise<void> {
  await rm(pathOf('idToken'), { force: true });
  if (!all) return;
  await rm(pathOf('key'), { force: true });
  await rm(pathOf('profile'), { force: true });
}

function writeJson(file: keyof typeof FILES, value: object): Promise<void> {
  return writePrivateFile(pathOf(file), `${JSON.stringify(value, null, 2)}\n`);
}

async function readJson(path: string): Promise<Answer | null> {
  try {
    return new Answer(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    // What is in there may be a secret: the parser's own words would quote it.
    throw new Failure(`${path} cannot be read`);
  }
}
