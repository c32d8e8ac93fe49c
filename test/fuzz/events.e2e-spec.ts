import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { PollFailed, readDelivered, type EventPoll } from '#core';
import { GuardedFetch, HttpEventMailbox } from '#crypto';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { eventClaims, pushEvent, signEvent } from '../support/deployment/security-event.ts';
import { User } from '../support/deployment/user.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { announce, check } from './fuzz-runs.ts';
import { jsonMutation, mutateJson } from './mutate-json.ts';
import { mutateJwt } from './mutate-jwt.ts';
import { mutateText, textMutation } from './mutate-text.ts';

let deployment: Deployment;
let caller: Caller;
let transmitter: Server;
/** What the transmitter answers at each of its endpoints. */
const answers = { token: '', poll: '' };

beforeAll(async () => {
  announce();
  deployment = await deploy({ databaseUrl: (await freshDatabase()).url });
  caller = new Caller(deployment);
  transmitter = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(request.url === '/token' ? answers.token : answers.poll);
  });
  await new Promise<void>((resolve) => transmitter.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  expect(deployment.brokers[0]?.node.isRunning).toBe(true);
  await expectServed(new Caller(deployment));
});
afterAll(async () => {
  await deployment?.stop();
  transmitter.closeAllConnections();
  await new Promise((resolve) => transmitter.close(resolve));
});

/** All sessions of somebody whom nobody else knows are over. */
const event = (): string => signEvent(caller, eventClaims(caller, new User(caller).subjectId));

/** RFC 8935 §2.4: an error says what it is, and the event that brought it is not taken. */
function expectNoFault({ status, body }: Answer): void {
  expect([202, 400, 413, 415, 429]).toContain(status);
  if (status !== 202) expect(body).toEqual({ err: expect.any(String), description: expect.any(String) });
}

it('events with changed text: never a fault, never taken', async () => {
  await check(
    fc.asyncProperty(textMutation, async (change) => {
      const original = event();
      const changed = mutateText(original, change);
      fc.pre(changed !== original);
      const answer = await pushEvent(caller, changed);
      expectNoFault(answer);
      expect(answer.status).not.toBe(202);
    }),
  );
});

it('events with changed members: never a fault, and never taken under the old signature', async () => {
  const part = fc.constantFrom<'header' | 'payload'>('header', 'payload');
  await check(
    fc.asyncProperty(part, jsonMutation, fc.boolean(), async (of, json, isSigned) => {
      const original = event();
      const { key } = deployment.issuerServer;
      const changed = mutateJwt(original, { part: of, json }, isSigned ? key : null);
      const answer = await pushEvent(caller, changed);
      expectNoFault(answer);
      if (!isSigned && changed !== original) expect(answer.status).not.toBe(202);
    }),
  );
});

const MAX_EVENTS = 25;

/** As a broker polls (RFC 8936 §2), with what the transmitter answers now. */
async function poll(): Promise<readonly string[] | PollFailed> {
  const origin = `http://127.0.0.1:${(transmitter.address() as AddressInfo).port}`;
  const at: EventPoll = {
    endpoint: `${origin}/poll`,
    tokenEndpoint: `${origin}/token`,
    clientId: 'oncekey',
    assertionAudience: origin,
    scope: null,
  };
  const mailbox = new HttpEventMailbox({
    postForJson: new GuardedFetch({ allowHttpLoopback: true }).postForJson,
    signer: { sign: () => 'signed' },
    clock: { now: () => Date.now() },
  });
  const question = {
    maxEvents: MAX_EVENTS,
    returnImmediately: true,
    acknowledged: [],
    refused: new Map(),
    maxWaitMs: 10_000,
  };
  try {
    const answer = await mailbox.ask(at, question, new AbortController().signal);
    return readDelivered(answer, MAX_EVENTS).map(({ token }) => token);
  } catch (failed) {
    if (failed instanceof PollFailed) return failed;
    throw failed;
  }
}

it('answers to polls with changed members and changed text: a failure that is told, or events to be judged', async () => {
  const isToken = fc.boolean();
  const isText = fc.boolean();
  await check(
    fc.asyncProperty(isToken, isText, jsonMutation, textMutation, async (atToken, asText, json, text) => {
      const sound = {
        token: JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 60 }),
        poll: JSON.stringify({ sets: { one: event(), two: event() }, moreAvailable: false }),
      };
      const name = atToken ? 'token' : 'poll';
      const changed = asText ? mutateText(sound[name], text) : mutateJson(sound[name], json);
      Object.assign(answers, sound, { [name]: changed });
      const heard = await poll();
      if (heard instanceof PollFailed) return;
      expect(heard.length).toBeLessThanOrEqual(MAX_EVENTS);
      for (const token of heard) expectNoFault(await pushEvent(caller, token));
    }),
  );
});
