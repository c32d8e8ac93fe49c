import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { freePort } from '../support/deployment/free-port.ts';
import { eventually } from '../support/eventually.ts';
import { changed, type Changes } from './changed-file.ts';

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

/** Where a gateway runs, and what stands behind it. */
interface Place {
  readonly port: number;
  /** Host and port. */
  readonly api: string;
  /** Of the file, and of those beside it. */
  readonly folder: string;
}

interface FileBeside {
  readonly file: string;
  readonly changes: Changes;
}

export interface GatewayFile {
  /** Below `examples`. */
  readonly file: string;
  readonly changes: (place: Place) => Changes;
  /** Other files of `examples` that it needs, in the same folder. */
  readonly beside?: readonly FileBeside[];
  readonly command: (file: string, folder: string) => readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: any that is free. */
  readonly port?: number;
  /** The API behind it. Default: it answers 200 to everything. */
  readonly api?: RequestListener;
}

const answersEverything: RequestListener = (_request, response) => void response.end('ok');

/** Runs a file of `examples` in front of an API that notes what reaches it. */
export async function runGateway({
  file,
  changes,
  beside = [],
  command,
  env,
  port: wanted,
  api: behind = answersEverything,
}: GatewayFile): Promise<RunningGateway> {
  const passed: Passed[] = [];
  const api = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    passed.push({ method, url, headers });
    behind(request, response);
  });
  const apiPort = await freePort();
  await new Promise<void>((listening) => void api.listen(apiPort, '127.0.0.1', listening));
  const port = wanted ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'oncekey-gateway-'));
  const path = join(folder, 'gateway.conf');
  writeFileSync(path, changed(textOf(file), changes({ port, api: `127.0.0.1:${apiPort}`, folder })));
  for (const other of beside) {
    writeFileSync(join(folder, basename(other.file)), changed(textOf(other.file), other.changes));
  }
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

function textOf(file: string): string {
  return readFileSync(resolve('examples', file), 'utf8');
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
