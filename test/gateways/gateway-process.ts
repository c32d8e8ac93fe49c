import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../support/deployment/free-port.ts';
import { eventually } from '../support/eventually.ts';

/** A request that the gateway let through. */
interface Passed {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface RunningGateway {
  readonly url: string;
  readonly passed: Passed[];
  stop(): Promise<void>;
}

export interface GatewayFile {
  /** Below `examples`. */
  readonly file: string;
  /** What of the file's text is something else here. */
  readonly changes: (place: { port: number; api: string }) => readonly (readonly [string | RegExp, string])[];
  readonly command: (file: string, folder: string) => readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: any that is free. */
  readonly port?: number;
}

/** Runs a file of `examples` in front of an API that notes what reaches it. */
export async function runGateway({
  file,
  changes,
  command,
  env,
  port: wanted,
}: GatewayFile): Promise<RunningGateway> {
  const passed: Passed[] = [];
  const api = createServer(({ method = '', url = '', headers }, response) => {
    passed.push({ method, url, headers });
    response.end('ok');
  });
  const apiPort = await freePort();
  await new Promise<void>((listening) => void api.listen(apiPort, '127.0.0.1', listening));
  const port = wanted ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'oncekey-gateway-'));
  let text = readFileSync(resolve('examples', file), 'utf8');
  for (const [from, to] of changes({ port, api: `127.0.0.1:${apiPort}` })) {
    if (text.search(from) === -1) throw new Error(`${file} has no ${String(from)}`);
    text = text.replace(from, to);
  }
  const path = join(folder, 'gateway.conf');
  writeFileSync(path, text);
  const [program, ...args] = command(path, folder);
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, HOME: folder },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await end(child);
    api.closeAllConnections();
    await new Promise((closed) => void api.close(closed));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(() => answers(url), 10_000);
  } catch {
    await stop();
    throw new Error(`${program} does not answer: ${output}`);
  }
  return { url, passed, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolved) => void child.once('exit', resolved));
  child.kill('SIGTERM');
  await ended;
}
