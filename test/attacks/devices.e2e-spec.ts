import { randomUUID } from 'node:crypto';
import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { Records } from '../support/deployment/records.ts';
import { signJwt } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** Until a registration is in force everywhere, on a busy machine. */
const PATIENCE_MS = 20_000;

const INACTIVE = '{"active":false}';
const COMPLIANCE = 'https://schemas.openid.net/secevent/caep/event-type/device-compliance-change';

/** Ada's own device, compliant within the last five minutes, with its disk encrypted. */
const ONLY_GOOD_DEVICES = `forbid (principal, action == Action::"orders.refund", resource == Api::"orders")
unless {
  context.device.known && context.device.owner_matches && context.device has platform &&
  context.device.platform == "macos" && context.device has compliant && context.device.compliant &&
  context.device has posture_age && context.device.posture_age < 300 &&
  context.device.facts.contains("disk_encrypted") && context.device has attested_by
};`;

let deployment: Deployment;
let administration: Administration;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, policies: { 'good-devices': ONLY_GOOD_DEVICES } });
  administration = await startAdministration(deployment);
  records = await Records.open(url);
}, 60_000);
afterAll(async () => {
  await records?.close();
  await administration?.stop();
  await deployment?.stop();
});

/** A caller whose key is one of a registered device. */
async function withDevice(changes: object = {}): Promise<{ caller: Caller; id: string; version: string }> {
  const caller = new Caller(deployment);
  const id = `laptop-${randomUUID()}`;
  const created = await administration.admin.post('/devices', {
    id,
    owner: { issuer: deployment.issuerServer.url, subject: 'ada' },
    keys: [caller.device.thumbprint],
    platform: 'macos',
    ...changes,
  });
  expect(created.status).toBe(201);
  return { caller, id, version: created.headers.get('etag') ?? '' };
}

const GOOD = { compliant: true, facts: { disk_encrypted: true } };
const report = (id: string, body: object): Promise<Answer> =>
  administration.admin.call('PUT', `/devices/${id}/posture`, { body });
const hear = async (id: string, status: string, from = deployment.issuerServer): Promise<number> => {
  const now = Math.floor(Date.now() / 1000);
  const { url: iss, key } = from;
  const body = signJwt(
    { typ: 'secevent+jwt', kid: key.kid },
    {
      iss,
      aud: deployment.issuer,
      jti: randomUUID(),
      iat: now,
      sub_id: { format: 'complex', device: { format: 'opaque', id } },
      events: { [COMPLIANCE]: { previous_status: 'compliant', current_status: status } },
    },
    key,
  );
  const headers = { 'content-type': 'application/secevent+jwt' };
  return (await fetch(`${deployment.issuer}/ssf/events`, { method: 'POST', headers, body })).status;
};
const reasonOf = async (caller: Caller): Promise<string> => {
  const answer = await caller.exchange();
  return answer.status === 200 ? 'permitted' : String((await records.eventOf(answer)).reason);
};

describe('a policy that wants a good device', () => {
  it('permits one that is all of it, and knows whose word that is', async () => {
    const { caller, id } = await withDevice();
    expect(await reasonOf(caller)).toBe('policy.forbidden');
    const reported = await report(id, GOOD);
    expect([reported.status, reported.body]).toEqual([
      200,
      {
        ...GOOD,
        learnt_at: expect.stringMatching(/Z$/) as unknown,
        learnt_from: `${deployment.issuerServer.url}|ada`,
      },
    ]);
    expect((await administration.admin.get(`/devices/${id}/posture`)).body).toEqual(reported.body);
    expect(await reasonOf(caller)).toBe('permitted');
  });

  it.each<{ name: string; device?: object; posture?: object }>([
    { name: 'somebody else’s', device: { owner: { issuer: 'https://other.example', subject: 'ada' } } },
    { name: 'of another platform', device: { platform: 'windows' } },
    { name: 'X-27 one of which nothing is said', posture: {} },
    { name: 'one whose fact is false', posture: { compliant: true, facts: { disk_encrypted: false } } },
    { name: 'one with another fact', posture: { compliant: true, facts: { firewall: true } } },
    { name: 'X-27 one that nobody called compliant', posture: { facts: { disk_encrypted: true } } },
  ])('denies $name', async ({ device, posture = GOOD }) => {
    const { caller, id } = await withDevice(device);
    expect((await report(id, posture)).status).toBe(200);
    expect(await reasonOf(caller)).toBe('policy.forbidden');
  });

  it('DP-26 denies one whose report is older than the policy allows', async () => {
    const { caller, id } = await withDevice();
    await report(id, GOOD);
    expect(await reasonOf(caller)).toBe('permitted');
    await records.rows(
      `UPDATE device_posture SET learnt_at = now() - interval '6 minutes' WHERE device = $1`,
      [id],
    );
    expect(await reasonOf(caller)).toBe('policy.forbidden');
  });

  it('denies the key that no device has', async () => {
    expect(await reasonOf(new Caller(deployment))).toBe('policy.forbidden');
  });
});

describe('check 97: a device that is not compliant any more', () => {
  it.each<[string, (id: string, compliant: boolean) => Promise<unknown>]>([
    ['by an event', (id, compliant) => hear(id, compliant ? 'compliant' : 'not-compliant')],
    ['by a report', (id, compliant) => report(id, { ...GOOD, compliant })],
  ])('is frozen, its tokens are dead, and stay so when it is again: %s', async (_, say) => {
    const { caller, id } = await withDevice();
    await report(id, GOOD);
    const token = await caller.token();
    await say(id, false);
    const dead = await caller.introspect(token);
    expect(dead.text).toBe(INACTIVE);
    expect(await records.eventOf(dead)).toMatchObject({ reason: 'token.revoked' });
    expect(await reasonOf(caller)).not.toBe('permitted');
    await say(id, true);
    expect(await reasonOf(caller)).toBe('permitted');
    expect((await caller.introspect(token)).text).toBe(INACTIVE);
    expect((await caller.introspect(await caller.token())).body).toMatchObject({ active: true });
  });

  it('answers 202 to an event about a device that is not known', async () => {
    expect(await hear('nobody-has-it', 'not-compliant')).toBe(202);
  });

  it('X-17 a device that is disabled or deleted takes its tokens with it', async () => {
    const { caller, id, version } = await withDevice();
    await report(id, GOOD);
    const token = await caller.token();
    expect((await administration.admin.delete(`/devices/${id}`, version)).status).toBe(204);
    expect((await caller.introspect(token)).text).toBe(INACTIVE);
  });
});

describe('PUT /admin/v1/devices/{id}/posture', () => {
  it.each<[string, object, string]>([
    ['a text for a truth', { compliant: 'true' }, '#/compliant'],
    ['a fact that is no truth', { facts: { firewall: 'yes' } }, '#/facts/firewall'],
    ['a member that there is not', { complaint: true }, '#/complaint'],
  ])('X-27 refuses %s', async (_, body, pointer) => {
    const { id } = await withDevice();
    const answer = await report(id, body);
    expect([answer.status, answer.body['errors']]).toEqual([422, [expect.objectContaining({ pointer })]]);
    expect((await administration.admin.get(`/devices/${id}/posture`)).status).toBe(404);
  });

  it('is 404 for a device that there is not', async () => {
    expect((await report('nobody-has-it', GOOD)).status).toBe(404);
  });
});

describe('an event transmitter that publishes SSF metadata alone, and signs nobody in', () => {
  it('freezes a device as soon as it is registered, and its word is no sign-in', async () => {
    const mdm = await IssuerServer.start();
    mdm.metadataPath = '/.well-known/ssf-configuration';
    try {
      const { caller, id } = await withDevice();
      await report(id, GOOD);
      expect(await hear(id, 'not-compliant', mdm)).toBe(400);
      const token = await caller.token();

      const { admin } = administration;
      const registered = await admin.post('/event-transmitters', { id: 'mdm', issuer: mdm.url });
      expect([registered.status, registered.body['issuer']]).toEqual([201, mdm.url]);
      await eventually(async () => (await hear(id, 'not-compliant', mdm)) === 202, PATIENCE_MS);
      expect((await caller.introspect(token)).text).toBe(INACTIVE);
      expect(['device.revoked', 'policy.forbidden']).toContain(await reasonOf(caller));

      const stranger = new Caller(deployment);
      const answer = await stranger.exchange({ subject_token: mdm.idToken() });
      expect([answer.status, (await records.eventOf(answer)).reason]).toEqual([
        400,
        'subject.unknown_issuer',
      ]);
      const twin = await admin.post('/identity-providers', { id: 'twin', issuer: mdm.url, enabled: false });
      expect(twin.status).toBe(409);

      const etag = registered.headers.get('etag') ?? '';
      expect((await admin.delete('/event-transmitters/mdm', etag)).status).toBe(204);
      await eventually(async () => (await hear(id, 'compliant', mdm)) === 400, PATIENCE_MS);
    } finally {
      await mdm.stop();
    }
  });

  it.each<[string, object, number]>([
    ['an issuer that is no URL', { issuer: 'mdm' }, 422],
    ['an unknown member', { groups_claim: 'groups' }, 422],
    ['a secret', { poll: { client_secret: 's' } }, 422],
  ])('is not registered with %s', async (_, changes, status) => {
    const body = { id: 'bad', issuer: 'http://127.0.0.1:1', ...changes };
    expect((await administration.admin.post('/event-transmitters', body)).status).toBe(status);
    expect((await administration.admin.get('/event-transmitters/bad')).status).toBe(404);
  });
});
