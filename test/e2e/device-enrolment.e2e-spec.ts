import { AdminCaller } from '../support/deployment/admin-caller.ts';
import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { publishNow } from '../support/deployment/publish-now.ts';
import { Records } from '../support/deployment/records.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const SOON_MS = 5_000;
const LAPTOP = { id: 'evas-laptop', platform: 'macos' };

let deployment: Deployment;
let administration: Administration;
let records: Records;
let eva: AdminCaller;

const enroll = (who: AdminCaller, body: object = LAPTOP) =>
  who.call('POST', '/device-enrolments', { body, claims: { groups: ['support'] } });

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  administration = await startAdministration(deployment);
  records = await Records.open(url);
  eva = administration.as('eva');
}, 60_000);
afterAll(async () => {
  await records?.close();
  await administration?.stop();
  await deployment?.stop();
});

it('nobody may enrol a device until a policy says so, not even who has every role', async () => {
  await expect(enroll(eva)).rejects.toThrow('invalid_authorization_details');
  await expect(enroll(administration.admin)).rejects.toThrow('invalid_authorization_details');
});

it('then the key that makes the call is registered, as the device of who makes it', async () => {
  await publishNow(records, {
    'enroll-devices': `permit (principal in Group::"support", action == Action::"admin.devices.enroll", resource == Api::"oncekey-admin");`,
  });
  let enrolled = await enroll(eva).catch(() => null);
  await eventually(async () => (enrolled ??= await enroll(eva).catch(() => null)) !== null, SOON_MS);
  expect([enrolled?.status, enrolled?.headers.get('location')]).toEqual([
    201,
    '/admin/v1/devices/evas-laptop',
  ]);
  const owner = { issuer: deployment.issuerServer.url, subject: 'eva' };
  const device = await administration.admin.get('/devices/evas-laptop');
  expect(device.body).toMatchObject({ ...LAPTOP, owner, keys: [eva.device.thumbprint] });
  const [act] = await records.rows<{ event: { act: object } }>(
    `SELECT event FROM audit_event WHERE type = 'admin.act' AND event #>> '{act,operation}' = 'admin.devices.enroll'`,
  );
  expect(act?.event).toMatchObject({ subject: owner, act: { target: 'devices/evas-laptop' } });
});

it.each<[string, object, string]>([
  [
    'for somebody else',
    { ...LAPTOP, id: 'x', owner: { issuer: 'https://a', subject: 'ada' } },
    '422 admin.invalid',
  ],
  [
    'with another key',
    { ...LAPTOP, id: 'x', keys: ['NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'] },
    '422 admin.invalid',
  ],
  ['in place of one that is there', LAPTOP, '409 admin.exists'],
  ['of a key that is registered', { ...LAPTOP, id: 'second' }, '409 admin.exists'],
])('no device is enrolled %s', async (_, body, refusal) => {
  const { status, body: problem } = await enroll(eva, body);
  expect(`${status} ${String(problem['type']).replace('urn:oncekey:problem:', '')}`).toBe(refusal);
});
