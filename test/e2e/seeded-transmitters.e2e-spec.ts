import { randomUUID } from 'node:crypto';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { eventClaims, pushEvent, signEvent } from '../support/deployment/security-event.ts';
import { seedFiles } from '../support/deployment/seed-files.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const PATIENCE_MS = 20_000;
const COMPLIANCE = 'https://schemas.openid.net/secevent/caep/event-type/device-compliance-change';

const MDM_KEY = makeSigningKey();
const MDM = { id: 'mdm', issuer: 'https://mdm.example', jwks: { keys: [MDM_KEY.publicJwk] } };

let deployment: Deployment;
let caller: Caller;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
  records = await Records.open(url);
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
});

const seed = (transmitters: unknown): Promise<void> =>
  seedFiles({ 'event-transmitters.yaml': JSON.stringify(transmitters) }, deployment.env);
/** What the transmitter says of a device. */
const say = (id: string): Promise<Answer> => {
  const claims = eventClaims(
    caller,
    { format: 'complex', device: { format: 'opaque', id } },
    {
      iss: MDM.issuer,
      events: { [COMPLIANCE]: { previous_status: 'compliant', current_status: 'not-compliant' } },
    },
  );
  return pushEvent(caller, signEvent(caller, claims, { key: MDM_KEY }));
};
const stored = (): Promise<readonly { id: string; version: string; enabled: boolean }[]> =>
  records.rows('SELECT id, version, enabled FROM event_transmitter ORDER BY id');

describe('event transmitters in a seed folder', () => {
  it('are believed once they are seeded, of devices, and replaced by the next seed', async () => {
    const device = `laptop-${randomUUID()}`;
    expect((await say(device)).status).toBe(400);
    await seed([MDM]);
    await eventually(async () => (await say(device)).status === 202, PATIENCE_MS);
    const frozen = await records.rows<{ kind: string; source: string }>(
      'SELECT kind, source FROM cut_off WHERE id = $1',
      [device],
    );
    expect(frozen).toEqual([{ kind: 'device', source: MDM.issuer }]);

    await seed([{ ...MDM, audience: 'https://events.example' }]);
    await eventually(async () => (await say(device)).status === 400, PATIENCE_MS);
    await seed([MDM]);
    await eventually(async () => (await say(device)).status === 202, PATIENCE_MS);
  });

  it('are not written again when nothing has changed, and not enabled by a seed', async () => {
    await seed([MDM]);
    await records.rows("UPDATE event_transmitter SET enabled = false WHERE id = 'mdm'");
    const before = await stored();
    await seed([MDM]);
    expect(await stored()).toEqual(before);
    await seed([{ ...MDM, algorithms: ['ES256'] }]);
    expect(await stored()).toEqual([
      { id: 'mdm', version: expect.not.stringMatching(`^${before[0]?.version}$`) as unknown, enabled: false },
    ]);
    await records.rows("UPDATE event_transmitter SET enabled = true WHERE id = 'mdm'");
  });

  it.each<{ name: string; bad: () => object; at: RegExp }>([
    {
      name: 'the issuer of an identity provider',
      bad: () => ({ id: 'twin', issuer: deployment.issuerServer.url }),
      at: /event-transmitters\.yaml.* #\/1\/issuer/,
    },
    {
      name: 'a secret',
      bad: () => ({ id: 'other', issuer: 'https://other.example', client_secret: 's' }),
      at: /event-transmitters\.yaml.* #\/1\/client_secret/,
    },
  ])(
    'are refused with $name, with the place, and then nothing of the folder is taken',
    async ({ bad, at }) => {
      const before = await stored();
      const good = { id: `good-${randomUUID()}`, issuer: `https://${randomUUID()}.example` };
      await expect(seed([good, bad()])).rejects.toThrow(at);
      expect(await stored()).toEqual(before);
      await seed([good]);
      expect(await stored()).toHaveLength(before.length + 1);
    },
  );
});
