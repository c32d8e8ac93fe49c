import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Caller } from '../../support/deployment/caller.ts';
import type { Deployment } from '../../support/deployment/deployment.ts';
import { signJwt } from '../../support/deployment/signing-key.ts';
import { seededRandom } from '../arrivals.ts';
import type { Bench } from '../bench.ts';
import { delayOf } from '../report/delays.ts';
import type { Revocation } from '../report/performance.ts';
import { withWorld } from '../world.ts';

/** Tokens of one user, presented at each broker around one event. */
const TOKENS_PER_BROKER = 12;
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

interface Sample {
  /** From sending the event to its answer. */
  readonly answeredMs: number;
  /** From sending the event to the last positive answer to a presentation; null when there was none. */
  readonly lastUseMs: number | null;
  /** Tokens that were presented after the answer, and were active all the same. */
  readonly late: number;
}

/**
 * How long after a security event was sent a token of its user can still be used. While the event is under way tokens
 * are presented at two brokers, one after the other and without a pause; the last that was active counts, and from the
 * answer of the event on there must be none.
 *
 * Fails  Error when there is one
 */
export async function measureRevocation(bench: Bench): Promise<Revocation> {
  const { seed, samples } = bench.options;
  const random = seededRandom(seed);
  return withWorld(bench, { brokers: 2 }, async ({ deployment, caller }) => {
    const brokers = deployment.brokers.map((_, at) => new Caller(deployment, at));
    const sample = (): Promise<Sample> => takeSample(deployment, [caller, ...brokers], random() * 20);
    await sample();
    const taken: Sample[] = [];
    while (taken.length < samples) taken.push(await sample());
    const late = taken.reduce((sum, one) => sum + one.late, 0);
    if (late > 0) throw new Error('a token was honoured after its revocation was answered');
    const rows = [
      delayOf(
        'its answer',
        taken.map(({ answeredMs }) => answeredMs),
      ),
      delayOf(
        'the last use',
        taken.flatMap(({ lastUseMs }) => lastUseMs ?? []),
      ),
    ];
    return { at: new Date().toISOString(), seed, events: samples, late, rows };
  });
}

async function takeSample(
  deployment: Deployment,
  [caller, ...brokers]: readonly [Caller, ...Caller[]],
  delayMs: number,
): Promise<Sample> {
  const sub = `user-${randomUUID()}`;
  const tokens: string[] = [];
  for (let at = 0; at < TOKENS_PER_BROKER * brokers.length; at++) {
    tokens.push(await caller.token({ subject_token: deployment.issuerServer.idToken({ sub }) }));
  }
  const uses: { begun: number; ended: number }[] = [];
  const presented = brokers.map(async (broker, place) => {
    for (const token of tokens.filter((_, at) => at % brokers.length === place)) {
      const begun = performance.now();
      const { body } = await broker.introspect(token, { dpop_proof: caller.apiProof(token) });
      if (body['active'] === true) uses.push({ begun, ended: performance.now() });
    }
  });
  // Not in step with the presentations.
  await sleep(delayMs);
  const sent = performance.now();
  await sendEvent(deployment, sub);
  const answered = performance.now();
  await Promise.all(presented);
  const after = uses.filter(({ ended }) => ended > sent);
  return {
    answeredMs: answered - sent,
    lastUseMs: after.length === 0 ? null : Math.max(...after.map(({ ended }) => ended - sent)),
    late: uses.filter(({ begun }) => begun > answered).length,
  };
}

/** Fails  Error when the event is not taken */
async function sendEvent({ issuer, issuerServer }: Deployment, sub: string): Promise<void> {
  const { url, key } = issuerServer;
  const claims = {
    iss: url,
    aud: issuer,
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    sub_id: { format: 'iss_sub', iss: url, sub },
    events: { [SESSION_REVOKED]: {} },
  };
  const response = await fetch(`${issuer}/ssf/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/secevent+jwt' },
    body: signJwt({ typ: 'secevent+jwt', kid: key.kid }, claims, key),
  });
  if (response.status !== 202) throw new Error(`the event was answered ${response.status}`);
}
