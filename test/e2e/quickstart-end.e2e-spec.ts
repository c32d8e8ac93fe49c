import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { isAlive, QuickstartProcess } from '../support/quickstart-process.ts';

const START_MS = 90_000;
const STOP_MS = 20_000;

describe('the end of npm start', () => {
  let quickstart: QuickstartProcess;
  let ended: Promise<number | null>;

  beforeAll(async () => {
    quickstart = await QuickstartProcess.onFreePorts();
    await start();
  }, START_MS);

  afterAll(async () => {
    quickstart.signal('SIGTERM');
    await ended;
  }, STOP_MS);

  async function start(): Promise<void> {
    ended = quickstart.run();
    await eventually(() => quickstart.output.includes(' is up'), START_MS);
  }

  it('says which port is taken and starts nothing', async () => {
    const second = await QuickstartProcess.onFreePorts();
    const clash = Object.assign(Object.create(second), {
      ports: [second.ports[0], second.ports[1], quickstart.ports[2], second.ports[3]],
    }) as QuickstartProcess;
    expect(await clash.run()).toBe(1);
    expect(clash.output).toBe(
      `port ${quickstart.ports[2]} for the toy identity provider is taken: ` +
        'choose another with `npm start -- --identity-provider-port <port>`\n',
    );
    expect(existsSync(second.folder)).toBe(false);
    expect((await quickstart.oncekey('quickstart', 'id-token', 'ada')).exitCode).toBe(0);
  });

  it('leaves nothing running when it is told to end', async () => {
    const pids = quickstart.processes();
    expect(pids.length).toBeGreaterThanOrEqual(6);
    quickstart.signal('SIGINT');
    expect(await ended).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await Promise.all(quickstart.ports.map(answers))).toEqual([false, false, false, false]);
    expect(existsSync(join(quickstart.folder, 'env.json'))).toBe(false);
    expect(existsSync(join(quickstart.folder, 'client.jwk.json'))).toBe(false);
  });

  it(
    'leaves nothing running when it is killed, and starts again over what was left behind',
    async () => {
      await start();
      const pids = quickstart.processes();
      quickstart.signal('SIGKILL');
      await ended;
      await eventually(() => pids.filter(isAlive).length === 0, STOP_MS);
      await start();
    },
    2 * START_MS,
  );

  it.each(['SIGHUP', 'SIGTERM'] as const)(
    'leaves nothing running on %s while it still starts',
    async (signal) => {
      quickstart.signal('SIGTERM');
      await ended;
      ended = quickstart.run();
      await eventually(() => quickstart.processes().length >= 3, START_MS);
      const pids = quickstart.processes();
      quickstart.signal(signal);
      expect(await ended).toBe(0);
      await eventually(() => pids.filter(isAlive).length === 0, STOP_MS);
    },
    START_MS,
  );

  it(
    'ends as a whole, loudly, when a part of it dies',
    async () => {
      await start();
      const pids = quickstart.processes();
      const [, victim] = pids;
      process.kill(Number(victim), 'SIGKILL');
      expect(await ended).toBe(1);
      expect(quickstart.output).toMatch(/ended/);
      await eventually(() => pids.filter(isAlive).length === 0, STOP_MS);
    },
    START_MS,
  );
});

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve((socket.destroy(), true)));
    socket.once('error', () => resolve(false));
  });
}
