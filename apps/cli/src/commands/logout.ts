import { EXIT } from '../failure.ts';
import { forget } from '../profile/profile.ts';
import type { Terminal } from '../terminal.ts';

/** Forgets the ID token; with `all`, the key of this device and the profile too. */
export async function logout(terminal: Terminal, { all }: { all?: boolean }): Promise<number> {
  await forget(all === true);
  terminal.print(all === true ? 'the profile and the key of this device are gone' : 'signed out');
  return EXIT.done;
}
