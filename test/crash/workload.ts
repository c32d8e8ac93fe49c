import { setTimeout as sleep } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import type { Deployment } from '../support/deployment/deployment.ts';
import type { History } from './history.ts';

/** Each token is presented so often at once, to all brokers in turn. */
const PRESENTATIONS = 4;

/**
 * Exchanges and presents tokens until told to stop, whatever happens to brokers and database meanwhile. What it
 * heard goes to the history; an answer that no caller may ever get is an error at once.
 */
export async function work(deployment: Deployment, history: History, isOver: () => boolean): Promise<void> {
  const callers = deployment.brokers.map((_, at) => new Caller(deployment, at));
  for (let round = 0; !isOver(); round++) {
    const caller = callers[round % callers.length];
    if (caller === undefined) return;
    const issued = await heard(history, 'token', () => caller.exchange());
    const token = issued?.body['access_token'];
    if (issued?.body['error'] === 'use_dpop_nonce') await attempt(() => caller.learnNonce({ again: true }));
    if (issued === null || issued.status === 503) await sleep(20);
    if (typeof token !== 'string') continue;
    await present(callers, { caller, token }, history);
  }
}

async function present(
  callers: readonly Caller[],
  { caller, token }: { caller: Caller; token: string },
  history: History,
): Promise<void> {
  const dpop_proof = caller.apiProof(token);
  await Promise.all(
    Array.from({ length: PRESENTATIONS }, async (_, at) => {
      // A broker that lost its database says 503; asking again is what a resource server does.
      for (let again = 0; again < 3; again++) {
        const at_broker = callers[(at + again) % callers.length] ?? caller;
        const answer = await heard(history, 'introspect', () => at_broker.introspect(token, { dpop_proof }));
        if (answer?.status === 200) {
          if (answer.body['active'] === true) history.sawActive(String(answer.body['jti']));
          return;
        }
        await sleep(50);
      }
    }),
  );
}

const EXPECTED = { token: [200, 400, 401, 503], introspect: [200, 401, 503] } as const;

async function heard(
  history: History,
  endpoint: keyof typeof EXPECTED,
  ask: () => Promise<Answer>,
): Promise<Answer | null> {
  const answer = await attempt(ask);
  history.sawStatus(endpoint, answer?.status ?? 'no answer');
  if (answer === null) return null;
  const expected: readonly number[] = EXPECTED[endpoint];
  if (!expected.includes(answer.status)) {
    throw new Error(`${endpoint} answered ${answer.status}: ${answer.text}`);
  }
  if (answer.status === 503 && answer.headers.get('retry-after') === null) {
    throw new Error(`${endpoint} answered 503 without Retry-After`);
  }
  const txn = answer.headers.get('oncekey-reason-id');
  if (answer.status !== 503 && txn !== null) history.refused.add(txn);
  return answer;
}

/** Null when the connection broke: then nobody knows what happened, and nothing was acknowledged. */
async function attempt<Outcome>(ask: () => Promise<Outcome>): Promise<Outcome | null> {
  try {
    return await ask();
  } catch (error) {
    // By name: under Jest they come from another realm.
    if (isNativeError(error) && ['TypeError', 'SyntaxError'].includes(error.name)) return null;
    throw error;
  }
}
