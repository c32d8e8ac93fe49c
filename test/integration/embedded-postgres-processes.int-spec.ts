import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

describe('the embedded Postgres, seen from outside of its process', () => {
  let temp: string;

  beforeAll(() => {
    temp = mkdtempSync(join(tmpdir(), 'oncekey-embedded-test-'));
    if (NOBODY.uid !== undefined) chownSync(temp, NOBODY.uid, NOBODY.gid);
    chmodSync(temp, 0o755);
  });
  afterAll(() => rmSync(temp, { recursive: true, force: true }));

  const inTemp = (names: RegExp): string[] => readdirSync(temp).filter((name) => names.test(name));
  const env = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], TMPDIR: temp });
  const start = `const { startEmbeddedPostgres } = load('${LIBRARY}');
    const server = await startEmbeddedPostgres({ env: process.env });`;
  const startAndTell = `${start} console.log(server.pid, server.dataDir); setInterval(() => {}, 1000);`;

  it('runs for an ordinary user, and leaves nothing behind but its own copy of the binaries', async () => {
    const source = `${start} await server.stop(); console.log(process.getuid());`;
    const { code, said } = await endOf(startTypescript(source, { ...NOBODY, env: env() }));
    expect({ code, said }).toEqual({ code: 0, said: String(NOBODY.uid ?? process.getuid?.()) });
    expect(inTemp(/./).filter((name) => !name.startsWith('oncekey-postgres-binaries-'))).toEqual([]);
  });

  it('dies with its process, even of SIGKILL, and the next start clears away what that one left', async () => {
    const child = startTypescript(startAndTell, { env: env() });
    const [pid, folder] = (await firstLineOf(child)).split(' ');
    expect(isAlive(Number(pid))).toBe(true);
    child.kill('SIGKILL');
    await eventually(() => !isAlive(Number(pid)), 5_000);
    expect(existsSync(folder ?? '')).toBe(true);

    expect(await endOf(startTypescript(`${start} await server.stop();`, { env: env() }))).toMatchObject({
      code: 0,
    });
    expect(inTemp(/oncekey-postgres-run-/)).toEqual([]);
  });

  it('does not clear away what another process still uses', async () => {
    const child = startTypescript(startAndTell, { env: env() });
    const [pid, folder] = (await firstLineOf(child)).split(' ');
    expect(await endOf(startTypescript(`${start} await server.stop();`, { env: env() }))).toMatchObject({
      code: 0,
    });
    expect(existsSync(join(folder ?? '', 'data'))).toBe(true);
    expect(isAlive(Number(pid))).toBe(true);
    child.kill('SIGTERM');
    await eventually(() => !isAlive(Number(pid)), 5_000);
  });

  it('lets a process end that forgot to stop it', async () => {
    const child = startTypescript(`${start} console.log(server.pid);`, { env: env() });
    const { code, said } = await endOf(child);
    expect(code).toBe(0);
    await eventually(() => !isAlive(Number(said)), 5_000);
  });

  it('refuses a data folder that the user of the server cannot enter', async () => {
    if (process.getuid?.() !== 0) return;
    const closed = join(temp, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    chownSync(closed, 0, 0);
    const source = `await load('${LIBRARY}').startEmbeddedPostgres({ env: process.env, dataDir: ${JSON.stringify(join(closed, 'data'))} });`;
    const { code, said } = await endOf(startTypescript(source, { env: env() }));
    expect(code).toBe(1);
    expect(said).toMatch(/cannot be entered by user/);
  });
});
