import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Browser } from '../../libs/quickstart/src/browser.ts';
import type { Ended } from './quickstart-process.ts';

const CLI = join(__dirname, '../../apps/cli/bin/oncekey.js');

/**
 * Runs a command that signs a user in, and does what the user would do in their browser: opens the address that the
 * command prints, signs in, and goes back to where the provider sends them.
 */
export function oncekeySignedIn(
  args: readonly string[],
  { user, env }: { user: string; env: NodeJS.ProcessEnv },
): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args, '--no-browser'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  let visit: Promise<unknown> | null = null;
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString();
    const address = /^sign in here: (\S+)\n/m.exec(said.stderr)?.[1];
    if (address === undefined || visit !== null) return;
    visit = signIn(new URL(address), user).catch((error: unknown) => {
      said.stderr += String(error);
      child.kill();
    });
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ exitCode: code ?? -1, ...said })));
}

async function signIn(address: URL, user: string): Promise<void> {
  const redirectUri = address.searchParams.get('redirect_uri') ?? '';
  const back = await new Browser(redirectUri).visit(address, { login: user, password: 'toy' });
  // Somebody else knocks first, with a state of their own: that is no answer.
  const stranger = await fetch(`${redirectUri}?code=x&state=y`);
  if (stranger.status !== 400) throw new Error(`a stranger was answered with ${stranger.status}`);
  const page = await (await fetch(back)).text();
  if (!page.includes('Signed in')) throw new Error(`the last page says ${page}`);
}
