import { randomUUID } from 'node:crypto';
import type { Answer } from '../support/deployment/caller.ts';
import { useBroker } from '../support/deployment/conforming-broker.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { useApprovals } from '../support/deployment/use-approvals.ts';
import { NEEDS_APPROVAL } from '../support/deployment/waiting-caller.ts';

/** Two permits with different approvers for the same operation, for those who are buyers and travellers. */
const broker = useBroker({
  policies: {
    ...NEEDS_APPROVAL,
    'travellers-brief': `@approval("Group::\\"finance\\"")
permit (principal in Group::"travellers", action == Action::"orders.brief", resource == Api::"orders");`,
  },
});

const approvals = useApprovals(broker);
const { somebody } = approvals;

const problemOf = ({ status, body }: Answer): string =>
  `${status} ${String(body['type']).replace('urn:oncekey:problem:', '')}`;

const errorOf = ({ body }: Answer): unknown => body['error'];

it('of several groups each has to approve, and who is in one approves for that one alone', async () => {
  const who = somebody();
  const { code, bindingCode } = await who.wait({}, { groups: ['buyers', 'travellers'] });
  const waiting = await approvals.desk.find(bindingCode);
  expect(waiting['awaited']).toEqual(['finance', 'leads']);
  expect((await approvals.desk.approve(waiting)).body).toMatchObject({
    state: 'pending',
    awaited: ['finance'],
  });
  expect(errorOf(await who.poll(code))).toBe('slow_down');
  expect(problemOf(await approvals.desk.approve(waiting, 'edsger'))).toBe('409 admin.approval_closed');
  expect((await approvals.desk.approve(waiting, 'edsger', ['leads', 'finance'])).body).toMatchObject({
    state: 'approved',
    approvals: [{ subject: 'grace' }, { subject: 'edsger' }],
  });
  expect((await who.poll(code)).status).toBe(200);
});

it('a group of the same name that a role binding does not let decide decides nothing', async () => {
  const { bindingCode } = await somebody().wait();
  const waiting = await approvals.desk.find(bindingCode);
  await expect(approvals.desk.approve(waiting, 'mallory', ['Leads'])).rejects.toThrow(
    'invalid_authorization_details',
  );
  await expect(approvals.desk.approve(waiting, 'mallory', ['buyers'])).rejects.toThrow(
    'invalid_authorization_details',
  );
  expect((await approvals.desk.approve(waiting)).status).toBe(200);
});

it('a sign-in of ten minutes ago reads what waits, and decides nothing', async () => {
  const { bindingCode } = await somebody().wait();
  const waiting = await approvals.desk.find(bindingCode);
  const grace = approvals.administration.as('grace');
  const old = { groups: ['leads'], auth_time: Math.floor(Date.now() / 1000) - 600 };
  expect((await grace.get('/approvals', { claims: old })).status).toBe(200);
  const path = `/approvals/${waiting.id}/approve`;
  const asked = await grace.exchange('POST', path, {
    body: { operation_hash: waiting['operation_hash'] },
    claims: old,
  });
  expect([errorOf(asked), asked.body['max_age']]).toEqual(['insufficient_user_authentication', 300]);
  expect((await approvals.desk.approve(waiting, grace)).status).toBe(200);
});

it.each<[string, object, string]>([
  ['another hash', { operation_hash: 'A'.repeat(43) }, '422 admin.invalid'],
  ['no hash', {}, '422 admin.invalid'],
  ['more than the hash', { operation_hash: 'A'.repeat(43), groups: ['finance'] }, '422 admin.invalid'],
])('nothing is approved with %s', async (_, body, refusal) => {
  const who = somebody();
  const { code, bindingCode } = await who.wait();
  const waiting = await approvals.desk.find(bindingCode);
  const answer = await approvals.desk.call('grace', 'POST', `/approvals/${waiting.id}/approve`, { body });
  expect(problemOf(answer)).toBe(refusal);
  expect(errorOf(await who.poll(code))).toBe('slow_down');
  expect((await approvals.desk.approve(waiting)).status).toBe(200);
});

it('what is decided, cancelled or made up is not decided again', async () => {
  const who = somebody();
  const [approved, denied, cancelled] = [await who.wait(), await who.wait(), await who.wait()];
  const found = await Promise.all(
    [approved, denied, cancelled].map(({ bindingCode }) => approvals.desk.find(bindingCode)),
  );
  await approvals.desk.approve(found[0]!);
  await approvals.desk.deny(found[1]!);
  await who.cancel(cancelled.code);
  for (const waiting of found) {
    expect(problemOf(await approvals.desk.approve(waiting))).toBe('409 admin.approval_closed');
    expect(problemOf(await approvals.desk.deny(waiting))).toBe('409 admin.approval_closed');
  }
  for (const id of [randomUUID(), 'x']) {
    const made = { ...found[0]!, id };
    expect(problemOf(await approvals.desk.deny(made))).toBe('404 admin.not_found');
  }
  expect((await who.poll(approved.code)).status).toBe(200);
});

it('whoever has the code alone gets nothing: the client and its key have to come with it', async () => {
  const who = somebody();
  const { code, bindingCode } = await who.wait();
  await approvals.desk.approveCode(bindingCode);
  const thief = somebody();
  const { secondClient } = broker.deployment.keys;
  const kiosk = thief.caller.assertion({ iss: 'kiosk', sub: 'kiosk' }, {}, secondClient);
  expect(errorOf(await thief.poll(code))).toBe('invalid_dpop_proof');
  expect(errorOf(await thief.poll(code, { client_assertion: kiosk }))).toBe('invalid_grant');
  expect(
    errorOf(await thief.poll(code, { client_assertion: undefined, client_assertion_type: undefined })),
  ).toBe('invalid_client');
  const forged = who.caller.assertion({}, {}, makeSigningKey());
  expect(errorOf(await who.poll(code, { client_assertion: forged }))).toBe('invalid_client');
  expect((await who.poll(code)).status).toBe(200);
});

it('the same proof does not ask twice', async () => {
  const who = somebody();
  const { code } = await who.wait();
  await who.caller.learnNonce();
  const proof = who.caller.proof();
  expect(errorOf(await who.poll(code, {}, proof))).toBe('slow_down');
  expect(errorOf(await who.poll(code, {}, proof))).toBe('invalid_dpop_proof');
});

it('an access token is no deferral code, and a deferral code is no token', async () => {
  const who = somebody();
  const { code } = await who.wait();
  const token = await broker.caller.token();
  expect(errorOf(await who.poll(token))).toBe('invalid_grant');
  expect((await broker.caller.introspect(code)).text).toBe('{"active":false}');
  expect((await broker.caller.introspect(token)).body['active']).toBe(true);
});
