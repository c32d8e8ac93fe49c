import { randomUUID } from 'node:crypto';
import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { eventClaims, signEvent } from '../support/deployment/security-event.ts';
import { TransmitterServer } from '../support/deployment/transmitter-server.ts';
import { User } from '../support/deployment/user.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** A poll may have to wait for another, and for the rest after a failure. */
const PATIENCE_MS = 60_000;
jest.setTimeout(PATIENCE_MS + 30_000);

let transmitter: TransmitterServer;
let deployment: Deployment;
let administration: Administration;

beforeAll(async () => {
  transmitter = await TransmitterServer.start();
  transmitter.holdMs = 500;
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, events: { poll: transmitter.registration() } });
  transmitter.brokerUrl = deployment.issuer;
  administration = await startAdministration(deployment);
}, 90_000);
afterAll(async () => {
  await administration?.stop();
  await deployment?.stop();
  await transmitter?.stop();
});

interface Polled extends Record<string, unknown> {
  readonly acknowledged: number;
  readonly failing?: { readonly since: string; readonly polls: number; readonly why: string };
}

const list = async (query = ''): Promise<{ items: readonly Polled[]; next: string | null }> => {
  const { status, text } = await administration.admin.get(`/event-polls${query}`);
  expect(status).toBe(200);
  return JSON.parse(text) as { items: readonly Polled[]; next: string | null };
};
const corp = async (): Promise<Polled> => {
  const { items } = await list();
  const found = items.find(({ transmitter: of }) => of === 'identity-providers/corp');
  if (found === undefined) throw new Error('it is not in the list');
  return found;
};
/** The state once it is so. */
const stateWhere = async (isSo: (state: Polled) => boolean): Promise<Polled> => {
  let state = await corp();
  await eventually(async () => isSo((state = await corp())), PATIENCE_MS);
  return state;
};
const TIME = expect.stringMatching(/^20.*Z$/) as unknown;

it('tells that a transmitter is polled, by whom, and how many of its events were acknowledged', async () => {
  const before = await stateWhere(({ last_success_at: at }) => at !== undefined);
  const caller = new Caller(deployment);
  for (let event = 0; event < 3; event++) {
    const claims = eventClaims(caller, new User(caller).subjectId);
    transmitter.put(String(claims['jti']), signEvent(caller, claims));
  }
  const after = await stateWhere(({ acknowledged }) => acknowledged >= before.acknowledged + 3);
  expect({ ...after, lease: undefined }).toEqual({
    transmitter: 'identity-providers/corp',
    issuer: deployment.issuerServer.url,
    enabled: true,
    acknowledged: 3,
    last_poll_at: TIME,
    last_success_at: TIME,
  });
  const { lease } = await stateWhere((state) => state['lease'] !== undefined);
  expect(lease).toEqual({ holder: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown, until: TIME });
});

it('tells since when and why polls fail, and nothing that the transmitter said; and when they do not any more', async () => {
  const secret = randomUUID();
  transmitter.failure = { status: 503, body: `{"error":"${secret}"}` };
  const { failing: first } = await stateWhere(({ failing }) => failing !== undefined);
  const failing = await stateWhere((state) => (state.failing?.polls ?? 0) > 1);
  expect(failing.failing).toEqual({
    since: first?.since,
    polls: expect.any(Number) as unknown,
    why: expect.stringMatching(/503/) as unknown,
    next_at: TIME,
  });
  const text = JSON.stringify(failing);
  expect(text).not.toContain(secret);
  expect(text).not.toContain(transmitter.url);
  expect(failing['lease']).toBeUndefined();

  transmitter.failure = null;
  const healed = await stateWhere((state) => state.failing === undefined);
  expect(healed['last_success_at']).not.toBe(failing['last_success_at']);
});

it('lists in pages whoever is registered to be polled: one that is disabled, and nobody who pushes', async () => {
  const { admin } = administration;
  const poll = transmitter.registration();
  const issuer = (name: string): string => `https://${name}.example`;
  for (const one of [
    { id: 'idle', issuer: issuer('idle'), poll, enabled: false },
    { id: 'pusher', issuer: issuer('pusher') },
  ]) {
    const created = await admin.post('/event-transmitters', one);
    expect([created.status, created.text]).toEqual([201, created.text]);
  }
  const { items, next } = await list();
  expect([items.map(({ transmitter: of }) => of), next]).toEqual([
    ['identity-providers/corp', 'event-transmitters/idle'],
    null,
  ]);
  expect(items[1]).toEqual({
    transmitter: 'event-transmitters/idle',
    issuer: issuer('idle'),
    enabled: false,
    acknowledged: 0,
  });
  const first = await list('?limit=1');
  expect(first.items.map(({ transmitter: of }) => of)).toEqual(['identity-providers/corp']);
  const rest = await list(`?limit=1&cursor=${first.next}`);
  expect([rest.items, rest.next]).toEqual([[items[1]], null]);
  expect((await admin.get('/event-polls?issuer=x')).status).toBe(400);
});
