import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#embedded-postgres';
import { eventually } from '../support/eventually.ts';
import { endOf, firstLineOf, startTypescript } from '../support/typescript-process.ts';

const LIBRARY = './libs/embedded-postgres/src/index.ts';

/** Somebody who is not root; the user of the tests where that is an ordinary one already. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The first thing that a server's process tells. */
async function pidAndFolderOf(child: ChildProcess): Promise<{ pid: number; folder: string }> {
  const [pid, folder] = (await firstLineOf(child)).split(' ');
  return { pid: Number(pid), folder: folder ?? '' };
}

describe('the embedded Postgres, seen from outside of its process', () => {
  let temp: string;
  /** Everybody may run what is in here, wherever the Node of the tests is. */
  let home: string;

  beforeEach(() => {
    temp = mkdtempSync(join(tmpdir(), 'oncekey-embedded-test-'));
    if (NOBODY.uid !== undefined) chownSync(temp, NOBODY.uid, NOBODY.gid);
    home = mkdtempSync(join(tmpdir(), 'oncekey-node-'));
    for (const folder of [temp, home]) chmodSync(folder, 0o755);
  });
  afterEach(() => {
    for (const folder of [temp, home]) rmSync(folder, { recursive: true, force: true });
  });

  const start = `const { startEmbeddedPostgres } = load('${LIBRARY}');
    const server = await startEmbeddedPostgres({ env: process.env });`;
  const startAndStay = `${start} console.log(server.pid, server.dataDir); setInterval(() => {}, 1000);`;
  const startAndStop = async (): Promise<void> => {
    expect(await endOf(startTypescript(`${start} await server.stop();`))).toMatchObject({ code: 0 });
  };

  it('runs for an ordinary user, and leaves nothing behind but its own copy of the binaries', async () => {
    const source = `${start} await server.stop(); console.log(process.getuid());`;
    const env = { PATH: process.env['PATH'], TMPDIR: temp };
    const node = join(home, 'node');
    copyFileSync(process.execPath, node);
    const { code, said } = await endOf(startTypescript(source, { ...NOBODY, env }, node));
    expect({ code, said }).toEqual({ code: 0, said: String(NOBODY.uid ?? process.getuid?.()) });
    expect(readdirSync(temp).filter((name) => !name.startsWith('oncekey-postgres-binaries-'))).toEqual([]);
  });

  it('dies with its process, even of SIGKILL, and the next start clears away what that one left', async () => {
    const child = startTypescript(startAndStay);
    const { pid, folder } = await pidAndFolderOf(child);
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await eventually(() => !isAlive(pid), 10_000);
    await startAndStop();
    expect(existsSync(folder)).toBe(false);
  });

  it('does not clear away what another process still uses', async () => {
    const child = startTypescript(startAndStay);
    const { pid, folder } = await pidAndFolderOf(child);
    await startAndStop();
    expect(existsSync(join(folder, 'data'))).toBe(true);
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGTERM');
    await eventually(() => !isAlive(pid), 10_000);
  });

  it('lets a process end that forgot to stop it', async () => {
    const { code, said } = await endOf(startTypescript(`${start} console.log(server.pid);`));
    expect(code).toBe(0);
    await eventually(() => !isAlive(Number(said)), 10_000);
  });

  it('refuses a data folder that the user of the server cannot enter', async () => {
    if (process.getuid?.() !== 0) return;
    const closed = join(temp, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const starting = startEmbeddedPostgres({ env: {}, dataDir: join(closed, 'data') });
    await expect(starting).rejects.toThrow(/cannot be entered by user/);
  });
});
