import { randomUUID } from 'node:crypto';
import type { Answer } from '../support/deployment/caller.ts';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { publishNow } from '../support/deployment/publish-now.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { useApprovals } from '../support/deployment/use-approvals.ts';
import {
  BRIEF,
  DEFERRAL_CODE,
  DEFERRED,
  NEEDS_APPROVAL,
  WaitingCaller,
} from '../support/deployment/waiting-caller.ts';
import { eventually } from '../support/eventually.ts';

/** draft-ietf-oauth-deferred-token-response: a client waits until somebody approves. */
const broker = useBroker({ policies: NEEDS_APPROVAL, events: { devices: true } });
const ISSUED_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
const SOON_MS = 5_000;

const approvals = useApprovals(broker);
const { somebody } = approvals;

const rowsOf = async (subject: string): Promise<number> => {
  const [row] = await broker.records.rows<{ count: number }>(
    'SELECT count(*)::int AS count FROM deferral WHERE subject = $1',
    [subject],
  );
  return row?.count ?? -1;
};

const expire = (who: WaitingCaller) =>
  broker.records.rows('UPDATE deferral SET expires_at = now() WHERE subject = $1', [who.subject]);

/** What does not tell one answer from another. */
const told = ({ status, text }: Answer): string => `${status} ${text}`;

describe('discovery', () => {
  const metadata = async (): Promise<Record<string, unknown>> => {
    const response = await fetch(`${broker.deployment.issuer}/.well-known/oauth-authorization-server`);
    return (await response.json()) as Record<string, unknown>;
  };

  it('check 7: the metadata say that answers may be deferred, and that deferral codes can be revoked', async () => {
    const found = await metadata();
    expect(found['deferred_token_response_supported']).toBe(true);
    expect(found['revocation_endpoint_token_type_values_supported']).toContain(DEFERRAL_CODE);
    expect(found['grant_types_supported']).toContain(DEFERRED);
  });
});

describe('the first request', () => {
  it.each([undefined, 'foo', 'Deferred', 'deferredx'])(
    'check 70: with completion_mode %s it is denied at once, and nothing waits',
    async (mode) => {
      const who = somebody();
      const answer = await who.ask({ completion_mode: mode });
      expectError(answer, '400 invalid_authorization_details');
      expect(answer.body).not.toHaveProperty('deferral_code');
      expect(await rowsOf(who.subject)).toBe(0);
      expect(await broker.records.eventOf(answer)).toMatchObject({ reason: 'policy.approval_required' });
    },
  );

  it('check 71: among unknown values of completion_mode, deferred is honoured', async () => {
    const who = somebody();
    const answer = await who.ask({ completion_mode: 'foo deferred' });
    expectError(answer, '400 authorization_pending');
    expect(answer.body).toMatchObject({ expires_in: 600, interval: 5 });
    expect(answer.body['deferral_code']).toMatch(/^oncedefer_[\w-]{43}$/);
    expect(answer.body['binding_code']).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(await rowsOf(who.subject)).toBe(1);
    expect(await broker.records.eventOf(answer)).toMatchObject({
      outcome: 'deferred',
      approval: { groups: ['leads'] },
    });
  });

  it('check 71: the database holds neither the code nor the subject token', async () => {
    const who = somebody();
    const { code } = await who.wait();
    const [row] = await broker.records.rows<{ text: string }>(
      'SELECT deferral::text AS text FROM deferral WHERE subject = $1',
      [who.subject],
    );
    expect(row?.text).toContain(who.subject);
    expect(row?.text).not.toContain(code.slice('oncedefer_'.length));
    expect(row?.text).not.toMatch(/eyJ/);
  });

  it('check 71: a permit without an approval is not deferred by asking for it', async () => {
    const answer = await broker.caller.exchange({ completion_mode: 'deferred' });
    expect([answer.status, answer.body['issued_token_type']]).toEqual([200, ISSUED_TYPE]);
  });
});

describe('asking again', () => {
  it('check 72: within the interval it is slow_down, and the interval grows', async () => {
    const who = somebody();
    const { code } = await who.wait();
    expectError(await who.poll(code), '400 slow_down');
    expectError(await who.poll(code), '400 slow_down');
    const [row] = await broker.records.rows<{ seconds: number }>(
      'SELECT interval_seconds AS seconds FROM deferral WHERE subject = $1',
      [who.subject],
    );
    expect(row?.seconds).toBe(15);
  });

  it('check 72: after the interval it is authorization_pending, and repeats nothing', async () => {
    const who = somebody();
    const { code } = await who.wait();
    await broker.records.rows('UPDATE deferral SET next_poll_at = now() WHERE subject = $1', [who.subject]);
    const answer = await who.poll(code);
    expectError(answer, '400 authorization_pending');
    expect(Object.keys(answer.body).toSorted()).toEqual(['error', 'error_description']);
  });

  it('check 73: an unknown code and one of another client are answered alike', async () => {
    const who = somebody();
    const { code } = await who.wait();
    const { secondClient } = broker.deployment.keys;
    const kiosk = () => ({
      client_assertion: who.caller.assertion({ iss: 'kiosk', sub: 'kiosk' }, {}, secondClient),
    });
    const foreign = await who.poll(code, kiosk());
    const unknown = await who.poll('oncedefer_nothing', kiosk());
    const shapeless = await who.poll('x', kiosk());
    expectError(foreign, '400 invalid_grant');
    expect([told(unknown), told(shapeless)]).toEqual([told(foreign), told(foreign)]);
    expect((await broker.records.eventOf(foreign)).reason).toBe('approval.foreign_client');
  });

  it('check 74: another key than that of the first request is invalid_dpop_proof', async () => {
    const who = somebody();
    const { code, bindingCode } = await who.wait();
    await approvals.desk.approveCode(bindingCode);
    expectError(
      await who.poll(code, {}, who.caller.proof({}, {}, makeSigningKey())),
      '400 invalid_dpop_proof',
    );
    expectError(await who.poll(code, {}, null), '400 invalid_dpop_proof');
    expect((await who.poll(code)).status).toBe(200);
  });

  it('check 75: what is approved is answered once, as the first request would have been', async () => {
    const who = somebody();
    const { code, bindingCode } = await who.wait();
    await approvals.desk.approveCode(bindingCode);
    const answer = await who.poll(code);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.body).toMatchObject({
      issued_token_type: ISSUED_TYPE,
      token_type: 'DPoP',
      expires_in: 300,
      scope: 'orders.brief',
      authorization_details: [{ target_uri: BRIEF }],
    });
    const token = String(answer.body['access_token']);
    const spent = await broker.caller.introspect(token, {
      http_target_uri: BRIEF,
      dpop_proof: who.caller.apiProof(token, { htu: BRIEF }),
    });
    expect(spent.body).toMatchObject({ active: true, sub: who.subject });
    expectError(await who.poll(code), '400 invalid_grant');
  });

  it('check 76: approved, and the user revoked since: access_denied', async () => {
    const who = somebody();
    const { code, bindingCode } = await who.wait();
    await approvals.desk.approveCode(bindingCode);
    await broker.records.rows(
      `INSERT INTO cut_off (kind, id, source, dead_until) VALUES ('subject', $1, 'test', 'infinity')`,
      [`${broker.deployment.issuerServer.url} ${who.subject}`],
    );
    const answer = await who.poll(code);
    expectError(answer, '400 access_denied');
    expect(await broker.records.eventOf(answer)).toMatchObject({
      reason: 'approval.stale',
      detail: 'by subject',
    });
  });

  it('check 76: approved, and the device frozen since: access_denied', async () => {
    const who = somebody();
    const id = `laptop-${randomUUID()}`;
    const owner = { issuer: broker.deployment.issuerServer.url, subject: who.subject };
    const device = { id, owner, keys: [who.caller.device.thumbprint], platform: 'macos' };
    expect((await approvals.administration.admin.post('/devices', device)).status).toBe(201);
    const { code, bindingCode } = await who.wait();
    await approvals.desk.approveCode(bindingCode);
    const read = await approvals.administration.admin.get(`/devices/${id}`);
    const version = read.headers.get('etag') ?? '';
    const frozen = await approvals.administration.admin.put(
      `/devices/${id}`,
      { ...device, enabled: false },
      version,
    );
    expect(frozen.status).toBe(200);
    expectError(await who.poll(code), '400 access_denied');
    expectError(await who.poll(code), '400 access_denied');
  });

  it('check 76: approved, and denied by the policies of now: access_denied, for good', async () => {
    const who = somebody();
    const { code, bindingCode } = await who.wait();
    await approvals.desk.approveCode(bindingCode);
    await publishNow(broker.records, {
      [`not-${who.subject}`]: `forbid (principal == User::"${broker.deployment.issuerServer.url}|${who.subject}", action, resource);`,
    });
    let denied: Answer | null = null;
    await eventually(async () => {
      denied = await who.ask({ completion_mode: undefined });
      return (await broker.records.eventOf(denied)).reason === 'policy.forbidden';
    }, SOON_MS);
    const answer = await who.poll(code);
    expectError(answer, '400 access_denied');
    expect(await broker.records.eventOf(answer)).toMatchObject({
      reason: 'approval.stale',
      detail: 'policy.forbidden',
    });
    expectError(await who.poll(code), '400 access_denied');
  });

  it('check 77: denied is access_denied', async () => {
    const who = somebody();
    const { code, bindingCode } = await who.wait();
    expect((await approvals.desk.deny(await approvals.desk.find(bindingCode))).status).toBe(200);
    expectError(await who.poll(code), '400 access_denied');
  });

  it('check 77: expired is expired_token, approved or not', async () => {
    const [idle, late] = [somebody(), somebody()];
    const waiting = await idle.wait();
    await expire(idle);
    expectError(await idle.poll(waiting.code), '400 expired_token');
    const approved = await late.wait();
    await approvals.desk.approveCode(approved.bindingCode);
    await expire(late);
    expectError(await late.poll(approved.code), '400 expired_token');
  });

  it.each([
    'authorization_details',
    'completion_mode',
    'resource',
    'scope',
    'request_context',
    'subject_token',
  ])('check 78: %s beside the code is refused, and the stored request is what it was', async (name) => {
    const who = somebody();
    const { code, bindingCode } = await who.wait();
    await approvals.desk.approveCode(bindingCode);
    const other = { authorization_details: who.caller.details(), completion_mode: 'deferred' };
    expectError(
      await who.poll(code, { [name]: other[name as keyof typeof other] ?? 'x' }),
      '400 invalid_request',
    );
    const answer = await who.poll(code);
    expect(answer.body).toMatchObject({ authorization_details: [{ target_uri: BRIEF }] });
  });
});
