import {
  exchange,
  forwardAuth,
  introspect,
  SIGNED_ANSWER_TYPE,
  signedAnswerClaims,
  issueCallerToken,
  issueTransactionToken,
  receiveEvent,
  redeemDeferral,
  revoke,
  revokeSubject,
  Unavailable,
  type AuditPorts,
  type Clock,
  type Exchange,
  type ForwardAuth,
  type Introspect,
  type IssueCallerToken,
  type IssueTransactionToken,
  type MeteredCallers,
  type ReceiveEvent,
  type RedeemDeferral,
  type Revoke,
  type RevokeSubject,
} from '#core';
import { CedarCompiler } from '#cedar';
import {
  CallerTokenSealer,
  GrantSealer,
  GuardedFetch,
  HttpEventMailbox,
  KeyRing,
  KeyRingNonces,
  NodeCertificateSignatures,
  NodeSignatureVerifier,
  RemoteIssuerKeys,
  signJwt,
  RingSigner,
  type Kek,
} from '#crypto';
import type { ProcessMetrics } from '#http';
import {
  migrate,
  poolOf,
  PostgresDevices,
  PostgresKeyStore,
  PostgresLedger,
  PostgresPollLeases,
  PostgresShadowJournal,
  PostgresTrustSource,
} from '#postgres';
import { RedisSpentTokens, type RedisAddress } from '#redis';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { SignAnswer } from '../broker.ts';
import type { BrokerConfiguration } from '../config.ts';
import { refuseLocalProviders } from './refuse-local-providers.ts';
import { EventPolls } from './event-polls.ts';
import { identityOf } from './identity.ts';
import { ROTATION } from './rotation.ts';
import { ShadowWatch } from './shadow-watch.ts';
import { TrustCompiler } from './trust-compiler.ts';

/** The pipelines, and what they stand on. */
export interface Engine {
  readonly exchange: Exchange;
  readonly redeemDeferral: RedeemDeferral;
  readonly issueTransactionToken: IssueTransactionToken;
  readonly issueCallerToken: IssueCallerToken;
  readonly introspect: Introspect;
  readonly forwardAuth: ForwardAuth;
  /** Fails  Unavailable while no key signs */
  readonly answerSigner: () => SignAnswer;
  readonly revoke: Revoke;
  readonly revokeSubject: RevokeSubject;
  readonly receiveEvent: ReceiveEvent;
  readonly audit: AuditPorts;
  readonly trust: PostgresTrustSource;
  readonly ring: KeyRing;
  readonly ledger: PostgresLedger;
  stop(): Promise<void>;
}

export interface EngineParts {
  readonly configuration: BrokerConfiguration;
  readonly kek: Kek;
  /** Where tokens are spent; null: in the database. */
  readonly redis: RedisAddress | null;
  /** Connects when the engine starts. */
  readonly dataSource: DataSource;
  readonly log: Logger;
  readonly metrics: ProcessMetrics;
  readonly quotas: MeteredCallers;
}

/**
 * Puts the real things together. Leaves nothing running when it fails.
 *
 * Fails  ConfigurationError when no waiting helps; anything else when the database is not there, or not ready yet
 */
export async function startEngine(parts: EngineParts): Promise<Engine> {
  const { configuration, dataSource, log } = parts;
  if (configuration.migrate === 'auto') {
    const ran = await migrate(configuration.databaseUrl);
    if (ran.length > 0) log.info({ migrations: ran }, 'the schema was brought up to date');
  }
  if (!dataSource.isInitialized) await dataSource.initialize();

  const started: { stop(): void | Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const one of started.splice(0).toReversed()) await one.stop();
  };
  try {
    return { ...(await assemble(parts, (one) => void started.push(one))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(
  { configuration, kek, redis, dataSource, log, metrics, quotas }: EngineParts,
  started: (one: { stop(): void | Promise<void> }) => void,
): Promise<Omit<Engine, 'stop'>> {
  const onProblem = (what: string, cause: unknown): void =>
    log.warn(cause === null ? {} : { err: cause }, what);
  const pool = poolOf(dataSource);
  const identity = identityOf(configuration);

  let ring: KeyRing | null = null;
  const compiler = new TrustCompiler({
    policies: new CedarCompiler(),
    allowHttpLoopback: identity.allowHttpLoopback,
    isProduction: configuration.isProduction,
    log,
  });
  const trust = new PostgresTrustSource({
    database: {
      url: configuration.databaseUrl,
      applicationName: 'oncekey-broker-trust',
      role: 'oncekey_broker',
    },
    compile: (rows) => compiler.compile(rows),
    onProblem,
    onKeysChanged: () => void ring?.refresh().catch((error: unknown) => onProblem('key ring', error)),
  });
  started(trust);
  await trust.start();
  if (!trust.status().connected) throw new Unavailable('the database does not tell what is trusted');
  refuseLocalProviders(compiler.refusedIssuers);
  const clock: Clock = { now: () => trust.databaseNow() };

  const openRing = await KeyRing.open({
    store: new PostgresKeyStore(pool),
    kek,
    policy: ROTATION,
    clock,
    onProblem,
  });
  ring = openRing;
  started({ stop: () => openRing.close() });

  const onLedgerProblem = (error: unknown): void => onProblem('the ledger is in trouble', error);
  const tokens =
    redis === null
      ? null
      : await RedisSpentTokens.open({
          address: redis,
          name: configuration.ledgerName,
          onProblem: onLedgerProblem,
        });
  if (tokens !== null) started({ stop: () => tokens.close() });

  const ledger = await PostgresLedger.open({
    pool,
    name: configuration.ledgerName,
    ...(tokens === null ? {} : { tokens }),
    onProblem: onLedgerProblem,
    onRecorded: ({ type, outcome, reason }) => metrics.countEvent(type, outcome, reason),
  });
  started({ stop: () => ledger.close() });

  const shadow = new ShadowWatch(new PostgresShadowJournal(pool), onProblem);
  started(shadow);

  const signatures = new NodeSignatureVerifier();
  const sealer = new GrantSealer(openRing);
  const callerTokens = new CallerTokenSealer(openRing);
  const outbound = new GuardedFetch({ allowHttpLoopback: identity.allowHttpLoopback });
  const issuerKeys = new RemoteIssuerKeys({ fetchJson: outbound.json, clock, onProblem });
  const nonces = new KeyRingNonces({ ring: openRing, ledger: () => ledger.ofUsedIds(), clock });
  const certificates = new NodeCertificateSignatures();
  const callers = { clock, trust, signatures, issuerKeys, certificates, quotas };
  const signer = new RingSigner(openRing);
  const shared = { identity, ...callers, sealer, callerTokens, ledger, journal: ledger, deferrals: ledger };
  const takeEvent = receiveEvent(shared);
  started(
    new EventPolls({
      trust,
      leases: new PostgresPollLeases(pool),
      mailbox: new HttpEventMailbox({ postForJson: outbound.postForJson, signer, clock }),
      receiveEvent: takeEvent,
      onPolled: (id, outcome) => metrics.countPoll(id, outcome),
      onProblem,
    }),
  );
  const exchangePorts = {
    ...shared,
    signer,
    nonces,
    shadow,
    devices: new PostgresDevices(pool),
    approvals: { seconds: configuration.approvalSeconds },
  };
  return {
    exchange: exchange(exchangePorts),
    redeemDeferral: redeemDeferral(exchangePorts),
    issueTransactionToken: issueTransactionToken({
      ...shared,
      spends: ledger,
      signer,
    }),
    issueCallerToken: issueCallerToken(shared),
    introspect: introspect(shared),
    forwardAuth: forwardAuth(shared),
    answerSigner: () => {
      const key = openRing.signingKey();
      return (body, audience) =>
        signJwt(
          key,
          SIGNED_ANSWER_TYPE,
          signedAnswerClaims(body, { issuer: identity.issuer, audience, now: clock.now() }),
        );
    },
    revoke: revoke(shared),
    revokeSubject: revokeSubject({ ...shared, issuerKeys }),
    receiveEvent: takeEvent,
    audit: { clock, journal: ledger },
    trust,
    ring: openRing,
    ledger,
  };
}
