import { randomUUID } from 'node:crypto';
import { arch, cpus, platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { signJwt } from '../support/deployment/signing-key.ts';
import { markdownTable } from './markdown-table.ts';

/**
 * How long after a security event was sent a token of its user can still be used. While the event is under way tokens
 * are presented at two brokers, one after the other and without a pause; the last that was active counts, and from the
 * answer of the event on there must be none.
 */
const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    samples: { type: 'string', default: '200' },
  },
});
const samples = values.smoke ? 5 : Number(values.samples);

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

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const postgres = await startEmbeddedPostgres({ env: process.env, durable: true });
  const deployment = await deploy({ databaseUrl: postgres.url, brokers: 2 });
  try {
    const caller = new Caller(deployment);
    const brokers = deployment.brokers.map((_, at) => new Caller(deployment, at));
    await takeSample(deployment, caller, brokers);
    const taken: Sample[] = [];
    while (taken.length < samples) taken.push(await takeSample(deployment, caller, brokers));

    say(
      `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${platform()}/${arch()}, Node ${process.version}`,
    );
    say(`${samples} events; Postgres and both brokers on this machine\n`);
    say(
      markdownTable(
        ['from sending the event to', 'median ms', 'p99 ms', 'max ms'],
        [
          row(
            'its answer',
            taken.map(({ answeredMs }) => answeredMs),
          ),
          row(
            'the last use',
            taken.flatMap(({ lastUseMs }) => lastUseMs ?? []),
          ),
        ],
        1,
      ),
    );
    const late = taken.reduce((sum, sample) => sum + sample.late, 0);
    say(`\nactive although presented after the answer: ${late}`);
    if (late > 0) throw new Error('a token was honoured after its revocation was answered');
  } finally {
    await deployment.stop();
    await postgres.stop();
  }
}

async function takeSample(
  deployment: Deployment,
  caller: Caller,
  brokers: readonly Caller[],
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
  await sleep(Math.random() * 20);
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

function row(name: string, times: readonly number[]): string[] {
  const sorted = times.toSorted((a, b) => a - b);
  const quantile = (q: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0).toFixed(1);
  return [name, quantile(0.5), quantile(0.99), quantile(1)];
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
