import { randomUUID } from 'node:crypto';
import { BrokerProcess } from '../support/deployment/broker-process.ts';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { Records } from '../support/deployment/records.ts';
import { signJwt } from '../support/deployment/signing-key.ts';
import { TransmitterServer } from '../support/deployment/transmitter-server.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const INACTIVE = '{"active":false}';

/** Longer than a lease lives, on a machine that is busy with other things. */
const PATIENCE_MS = 90_000;

jest.setTimeout(PATIENCE_MS + 30_000);

describe('events that are fetched (RFC 8936), by two brokers', () => {
  let transmitter: TransmitterServer;
  let deployment: Deployment;
  let second: BrokerProcess;
  let records: Records;
  beforeAll(async () => {
    transmitter = await TransmitterServer.start();
    const { url } = await freshDatabase();
    deployment = await deploy({
      databaseUrl: url,
      events: { poll: transmitter.registration() },
    });
    transmitter.brokerUrl = deployment.issuer;
    second = BrokerProcess.start(await freePort(), deployment.env);
    await second.ready();
    records = await Records.open(url);
  }, 90_000);
  afterAll(async () => {
    await records.close();
    await Promise.all([second.stop(), deployment.stop()]);
    await transmitter.stop();
  });

  const revoke = (sub: string): string => {
    const { url: iss, key } = deployment.issuerServer;
    const jti = randomUUID();
    const claims = {
      iss,
      aud: deployment.issuer,
      jti,
      iat: Math.floor(Date.now() / 1000),
      sub_id: { format: 'iss_sub', iss, sub },
      events: { [SESSION_REVOKED]: {} },
    };
    transmitter.put(jti, signJwt({ typ: 'secevent+jwt', kid: key.kid }, claims, key));
    return jti;
  };
  const isAcknowledged = (jti: string) => (): boolean => transmitter.acknowledged.includes(jti);
  const outcomes = async (): Promise<readonly string[]> =>
    (
      await records.rows<{ outcome: string }>(
        "SELECT outcome FROM audit_event WHERE event ->> 'type' = 'security.event'",
      )
    ).map(({ outcome }) => outcome);

  it('hold at every broker before they are acknowledged, and take effect once', async () => {
    const sub = `user-${randomUUID()}`;
    const caller = new Caller(deployment);
    const token = await caller.token({ subject_token: deployment.issuerServer.idToken({ sub }) });
    const jti = revoke(sub);
    await eventually(isAcknowledged(jti), PATIENCE_MS);
    const elsewhere = new Caller({ ...deployment, brokers: [second] });
    const answer = await elsewhere.introspect(token, { dpop_proof: caller.apiProof(token) });
    expect(answer.text).toBe(INACTIVE);
    expect(await outcomes()).toEqual(['revoked']);
    const kept = await records.rows('SELECT FROM security_event WHERE jti = $1', [jti]);
    expect(kept).toHaveLength(1);
    expect(transmitter.kept.size).toBe(0);
  });

  it('are fetched by another broker when the one that polls is killed', async () => {
    const holder = async (): Promise<string | undefined> =>
      (await records.rows<{ holder: string }>('SELECT holder FROM event_poll'))[0]?.holder;
    const before = await holder();
    // It was there first, and polls for as long as it lives.
    await deployment.brokers[0]!.stop('SIGKILL');
    transmitter.brokerUrl = second.url;
    const jti = revoke(`user-${randomUUID()}`);
    await eventually(isAcknowledged(jti), PATIENCE_MS);
    expect(await holder()).not.toBe(before);
  });
});
