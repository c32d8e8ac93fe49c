import { randomUUID } from 'node:crypto';
import type { Answer } from '../support/deployment/caller.ts';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { signJwt } from '../support/deployment/signing-key.ts';
import { useApprovals } from '../support/deployment/use-approvals.ts';
import { NEEDS_APPROVAL } from '../support/deployment/waiting-caller.ts';

/** draft-ietf-oauth-deferred-token-response: who decides what waits, and what ends it. */
const broker = useBroker({ policies: NEEDS_APPROVAL });

const approvals = useApprovals(broker);
const { somebody } = approvals;

/** What does not tell one answer from another. */
const told = ({ status, text }: Answer): string => `${status} ${text}`;

describe('who approves', () => {
  const refusalOf = ({ status, body }: Answer): string =>
    `${status} ${String(body['type']).replace('urn:oncekey:problem:', '')}`;

  it('check 79: not who asked, whatever groups they are in', async () => {
    const who = somebody();
    const { code, bindingCode } = await who.wait({}, { groups: ['buyers', 'leads'] });
    const waiting = await approvals.desk.find(bindingCode);
    await expect(approvals.desk.find(bindingCode, who.subject)).rejects.toThrow('nothing waits');
    const answer = await approvals.desk.approve(waiting, who.subject);
    expect(refusalOf(answer)).toBe('403 admin.own_approval');
    expect(await broker.records.eventOf(answer)).toMatchObject({
      type: 'admin.act',
      outcome: 'refused',
      act: { operation: 'admin.approvals.approve', target: `approvals/${waiting.id}` },
    });
    expectError(await who.poll(code), '400 slow_down');
    expect((await approvals.desk.approve(waiting)).status).toBe(200);
    expect((await who.poll(code)).status).toBe(200);
  });

  it('check 79: not who acts in it', async () => {
    const who = somebody();
    const agent = broker.deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents' });
    const idToken = 'urn:ietf:params:oauth:token-type:id_token';
    const { bindingCode } = await who.wait({ actor_token: agent, actor_token_type: idToken });
    const waiting = await approvals.desk.find(bindingCode);
    expect(waiting['actor']).toEqual({ issuer: broker.deployment.issuerServer.url, subject: 'agent-7' });
    expect(refusalOf(await approvals.desk.approve(waiting, 'agent-7'))).toBe('403 admin.own_approval');
    expect(await approvals.desk.list('agent-7')).not.toContainEqual(
      expect.objectContaining({ id: waiting.id }),
    );
    expect((await approvals.desk.approve(waiting)).status).toBe(200);
  });

  it('check 79: nor who is in none of the groups', async () => {
    const { bindingCode } = await somebody().wait();
    const waiting = await approvals.desk.find(bindingCode);
    const answer = await approvals.desk.approve(waiting, 'ada', ['support']);
    expect(refusalOf(answer)).toBe('403 admin.not_approver');
    expect(await broker.records.eventOf(answer)).toMatchObject({ reason: 'admin.not_approver' });
  });
});

describe('cancelling', () => {
  it('check 93: with the hint of a deferral code, what waits is cancelled, approved or not', async () => {
    const who = somebody();
    const [waits, approved] = [await who.wait(), await who.wait()];
    await approvals.desk.approveCode(approved.bindingCode);
    for (const { code } of [waits, approved]) {
      const answer = await who.cancel(code);
      expect([answer.status, answer.text]).toEqual([200, '{}']);
      expectError(await who.poll(code), '400 access_denied');
    }
    expect(await approvals.desk.list()).not.toContainEqual(
      expect.objectContaining({ binding_code: waits.bindingCode }),
    );
  });

  it('check 93: an unknown code, one of another client and one that was cancelled are answered alike', async () => {
    const who = somebody();
    const { code } = await who.wait();
    const { secondClient } = broker.deployment.keys;
    const client_assertion = who.caller.assertion({ iss: 'kiosk', sub: 'kiosk' }, {}, secondClient);
    const answers = [
      await who.cancel(code, { client_assertion }),
      await who.cancel('oncedefer_nothing'),
      await who.cancel(code, { token_type_hint: undefined }),
      await who.cancel(code),
    ];
    expect(answers.map(told)).toEqual(Array.from(answers, () => '200 {}'));
    const recorded = await broker.records.rows<{ outcome: string; reason: string | null }>(
      `SELECT outcome, reason FROM audit_event WHERE type = 'token.revoke' ORDER BY id DESC LIMIT 4`,
    );
    expect(recorded.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'inactive approval.cancelled',
      'revoked null',
      'inactive approval.unknown',
      'inactive approval.foreign_client',
    ]);
  });
});

describe('global revocation', () => {
  it('check 94: kills what waits and what was approved, and the old ID token earns nothing new', async () => {
    const who = somebody();
    const idToken = broker.deployment.issuerServer.idToken({ sub: who.subject, groups: ['buyers'] });
    const waits = await who.wait({ subject_token: idToken });
    const approved = await who.wait({ subject_token: idToken });
    await approvals.desk.approveCode(approved.bindingCode);
    const { issuerServer, issuer, brokers } = broker.deployment;
    const now = Math.floor(Date.now() / 1000);
    const bearer = signJwt(
      { typ: 'global-token-revocation+jwt', kid: issuerServer.key.kid },
      {
        iss: issuerServer.url,
        aud: `${issuer}/global-token-revocation`,
        jti: randomUUID(),
        iat: now,
        exp: now + 60,
      },
      issuerServer.key,
    );
    const revoked = await fetch(`${brokers[0]?.url}/global-token-revocation`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ sub_id: { format: 'iss_sub', iss: issuerServer.url, sub: who.subject } }),
    });
    expect(revoked.status).toBe(204);
    expectError(await who.poll(waits.code), '400 access_denied');
    expectError(await who.poll(approved.code), '400 access_denied');
    expectError(await who.ask({ subject_token: idToken }), '400 invalid_request');
    expect(await approvals.desk.list()).not.toContainEqual(
      expect.objectContaining({ binding_code: waits.bindingCode }),
    );
  });
});
