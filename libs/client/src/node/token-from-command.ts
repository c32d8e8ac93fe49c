import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OncekeyError } from '../oncekey-error.ts';
import { readToken, untilExpiry, type TokenSource } from '../token-source.ts';

const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 65_536;

const run = promisify(execFile);

/**
 * A token that a program prints, alone or as `spire-agent api fetch jwt -output json` does. No shell is involved. The
 * program is run again when the token ends within a minute.
 *
 * Fails  OncekeyError `no_token` when the program fails, takes more than ten seconds, or prints no JWT
 */
export function tokenFromCommand(program: string, args: readonly string[]): TokenSource {
  return untilExpiry(async () => readToken(tokenIn(await outputOf(program, args)), program));
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(program, args, { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES });
    return stdout;
  } catch (cause) {
    // What a failed program has printed may be a secret, and Node puts it into its error.
    const code =
      typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'a signal';
    throw new OncekeyError('no_token', { description: `${program} ended with ${code}` });
  }
}

/** `[{"svids":[{"svid":"<JWT>"}]}, ...]`, else the text itself. */
function tokenIn(output: string): unknown {
  const text = output.trim();
  if (!text.startsWith('[')) return text;
  try {
    return memberOf(first(memberOf(first(JSON.parse(text)), 'svids')), 'svid');
  } catch {
    return null;
  }
}

function first(value: unknown): unknown {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list[0];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : null;
}
