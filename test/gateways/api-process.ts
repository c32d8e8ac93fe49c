import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SigningKey } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import type { ApiExample } from './api-examples.ts';

/** On a busy machine. */
const START_MS = 90_000;

export interface ApiPlace {
  /** Where the example was copied to. */
  readonly copy: string;
  readonly port: number;
  readonly issuer: string;
  readonly clientId: string;
  /** As callers spell it. */
  readonly origin: string;
  readonly key: SigningKey;
}

export async function buildApi({ build }: ApiExample, copy: string): Promise<void> {
  for (const [program, ...args] of build) await promisify(execFile)(program, args, { cwd: copy });
}

/** Resolves when it answers, with what ends it. */
export async function runApi(example: ApiExample, place: ApiPlace): Promise<() => Promise<void>> {
  const { copy, port, issuer, clientId, origin, key } = place;
  const [program, ...args] = example.start(copy, port);
  const child = spawn(program, args, {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ADDRESS: example.name === 'Go' ? `127.0.0.1:${port}` : '127.0.0.1',
      PORT: String(port),
      ONCEKEY_ISSUER: issuer,
      CLIENT_ID: clientId,
      ORIGIN: origin,
      KEY: writeKey(example, copy, key),
      KEY_ID: key.kid,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => (output += data.toString()));
  }
  const ended = new Promise((done) => void child.once('exit', done));
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await eventually(() => fetch(url).then(...([() => true, () => false] as const)), START_MS);
  } catch {
    await stop();
    throw new Error(`the example of ${example.name} does not answer: ${output}`);
  }
  return stop;
}

function writeKey(example: ApiExample, copy: string, { privateKey, kid }: SigningKey): string {
  const file = join(copy, 'key');
  const text =
    example.key === 'pem'
      ? privateKey.export({ type: 'pkcs8', format: 'pem' })
      : JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
