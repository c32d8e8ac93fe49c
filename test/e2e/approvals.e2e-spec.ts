import { randomUUID } from 'node:crypto';
import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { ApprovalDesk } from '../support/deployment/approval-desk.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { publishNow } from '../support/deployment/publish-now.ts';
import { Records } from '../support/deployment/records.ts';
import { DEFERRED, NEEDS_APPROVAL, WaitingCaller } from '../support/deployment/waiting-caller.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const SOON_MS = 10_000;
const POLLS = 100;

let deployment: Deployment;
let administration: Administration;
let records: Records;
let desk: ApprovalDesk;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, brokers: 2, policies: NEEDS_APPROVAL });
  administration = await startAdministration(deployment);
  records = await Records.open(url);
  desk = await ApprovalDesk.open(administration);
}, 120_000);
afterAll(async () => {
  await records?.close();
  await administration?.stop();
  await deployment?.stop();
});

const somebody = (): WaitingCaller => new WaitingCaller(deployment, `buyer-${randomUUID()}`);

describe('enrolling a device', () => {
  const laptop = { id: 'evas-laptop', platform: 'macos' };
  const claims = { groups: ['support'] };
  const ask = (completion_mode?: string) =>
    administration
      .as('eva')
      .exchange('POST', '/device-enrolments', { body: laptop, claims, parameters: { completion_mode } });

  it('waits for an approval where the permit for it says so, and is done with the token that comes of it', async () => {
    await publishNow(records, {
      'enroll-devices': `@approval("Group::\\"leads\\"") @digest("required") @proof("dpop")
permit (principal in Group::"support", action == Action::"admin.devices.enroll", resource == Api::"oncekey-admin");`,
    });
    await eventually(async () => {
      const event = await records.eventOf(await ask());
      return event.reason === 'policy.approval_required';
    }, SOON_MS);

    const eva = administration.as('eva');
    const path = '/device-enrolments';
    const asked = await eva.exchange('POST', path, {
      body: laptop,
      claims,
      parameters: { completion_mode: 'deferred' },
    });
    expect([asked.status, asked.body['error']]).toEqual([400, 'authorization_pending']);
    const waiting = await desk.find(asked.body['binding_code']);
    expect(waiting).toMatchObject({
      operation_id: 'admin.devices.enroll',
      requester: { issuer: deployment.issuerServer.url, subject: 'eva' },
      device: { key: eva.device.thumbprint },
    });

    const own = await desk.approve(waiting, eva, ['support', 'leads']);
    expect([own.status, own.body['type']]).toEqual([403, 'urn:oncekey:problem:admin.own_approval']);
    expect((await desk.approve(waiting)).body).toMatchObject({ state: 'approved', awaited: [] });

    const poll = { grant_type: DEFERRED, deferral_code: String(asked.body['deferral_code']) };
    const earned = await eva.askWith(poll);
    expect(earned.status).toBe(200);
    const token = String(earned.body['access_token']);
    const headers = eva.authorization(token, 'POST', path);
    const enrolled = await eva.send('POST', path, { body: laptop, headers });
    expect([enrolled.status, enrolled.headers.get('location')]).toEqual([
      201,
      '/admin/v1/devices/evas-laptop',
    ]);
    const device = await administration.admin.get('/devices/evas-laptop');
    expect(device.body).toMatchObject({ ...laptop, keys: [eva.device.thumbprint] });
    expect((await desk.call('grace', 'GET', `/approvals/${waiting.id}`)).body['state']).toBe('redeemed');
  });

  it('is on record from the question to the device: asked, approved, fetched, done', async () => {
    const [asked] = await records.rows<{ id: string }>(
      `SELECT id::text FROM audit_event WHERE outcome = 'deferred' AND event #>> '{subject,subject}' = 'eva'`,
    );
    const found = await records.rows<{ what: string }>(
      `SELECT type || ' ' || outcome AS what FROM audit_event
        WHERE event #>> '{approval,id}' = $1 OR event #>> '{act,target}' = 'approvals/' || $1 ORDER BY id`,
      [asked?.id],
    );
    expect(found.map(({ what }) => what)).toEqual([
      'token.exchange deferred',
      'admin.act refused',
      'admin.act done',
      'token.exchange permitted',
    ]);
  });
});

describe('races', () => {
  afterEach(() => expectServed(somebody().caller));

  it(`of ${POLLS} clients that ask two brokers at once for what was approved, one is given a token`, async () => {
    const who = somebody();
    const { code, bindingCode } = await who.wait();
    await desk.approveCode(bindingCode);
    const urls = deployment.brokers.map(({ url }) => url);
    const answers = await Promise.all(
      Array.from({ length: POLLS }, async (_, at) => {
        const form = new URLSearchParams(who.polling(code) as Record<string, string>);
        const response = await fetch(`${urls[at % urls.length]}/token`, {
          method: 'POST',
          headers: { DPoP: who.caller.proof() },
          body: form,
        });
        return { status: response.status, body: (await response.json()) as Record<string, unknown> };
      }),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    // A busy machine may leave some unanswered, which is no answer at all.
    const others = answers.filter(({ status }) => status !== 200 && status !== 503);
    expect(new Set(others.map(({ body }) => body['error']))).toEqual(new Set(['invalid_grant']));
    const [minted] = await records.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM audit_event
        WHERE outcome = 'permitted' AND event #>> '{subject,subject}' = $1`,
      [who.subject],
    );
    expect(minted?.count).toBe(1);
  });

  it('of those who approve and deny at once one is heard, and the client hears the same', async () => {
    for (let turn = 0; turn < 5; turn++) {
      const who = somebody();
      const { code, bindingCode } = await who.wait();
      const waiting = await desk.find(bindingCode);
      const decided = await Promise.all([
        desk.approve(waiting, 'grace'),
        desk.deny(waiting, 'edsger'),
        desk.approve(waiting, 'barbara'),
        desk.deny(waiting, 'tony'),
      ]);
      const heard = decided.filter(({ status }) => status === 200);
      expect(heard).toHaveLength(1);
      expect(decided.filter(({ status }) => status === 409)).toHaveLength(3);
      const { status, body } = await who.poll(code);
      expect(status === 200 ? 'approved' : body['error']).toBe(
        heard[0]?.body['state'] === 'approved' ? 'approved' : 'access_denied',
      );
    }
  });

  it('what is cancelled while it is approved gives no token', async () => {
    for (let turn = 0; turn < 5; turn++) {
      const who = somebody();
      const { code, bindingCode } = await who.wait();
      const waiting = await desk.find(bindingCode);
      const [approved, cancelled] = await Promise.all([desk.approve(waiting), who.cancel(code)]);
      expect([200, 409]).toContain(approved.status);
      expect(cancelled.status).toBe(200);
      expect((await who.poll(code)).body['error']).toBe('access_denied');
    }
  });

  it('of one who fetches and one who cancels at once, one is heard', async () => {
    for (let turn = 0; turn < 5; turn++) {
      const who = somebody();
      const { code, bindingCode } = await who.wait();
      await desk.approveCode(bindingCode);
      const [polled] = await Promise.all([who.poll(code), who.cancel(code)]);
      expect([undefined, 'access_denied']).toContain(polled.body['error']);
      const later = polled.status === 200 ? 'invalid_grant' : 'access_denied';
      expect((await who.poll(code)).body['error']).toBe(later);
    }
  });
});

describe('limits', () => {
  it('nobody has more than eight open approvals, and the ninth is told to wait', async () => {
    const who = somebody();
    const codes = [];
    for (let asked = 0; asked < 8; asked++) codes.push((await who.wait()).code);
    const ninth = await who.ask();
    expect([ninth.status, ninth.body['error']]).toEqual([429, 'temporarily_unavailable']);
    expect(ninth.headers.get('retry-after')).toBe('60');
    await who.cancel(codes[0] ?? '');
    expect((await who.ask()).body['error']).toBe('authorization_pending');
  });
});
