import { setTimeout as sleep } from 'node:timers/promises';
import {
  auditRefusal,
  Unavailable,
  type AuditEvent,
  type Exchange,
  type ForwardAuth,
  type Introspect,
  type IssueCallerToken,
  type IssueTransactionToken,
  type OAuthError,
  type ReceiveEvent,
  type RedeemDeferral,
  type Revoke,
  type RevokeSubject,
} from '#core';
import { KeyDoesNotOpen } from '#crypto';
import { ConfigurationError, readinessOf, type Readiness } from '#http';
import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Broker, PublishedKeys, SignAnswer } from '../broker.ts';
import type { Engine } from './engine.ts';
import { readinessOfEngine } from './readiness-of-engine.ts';

export interface StartingBrokerOptions {
  /** Fails  as `startEngine` */
  readonly start: () => Promise<Engine>;
  /** Hears why the process can never be of use as it is configured. */
  readonly onHopeless: (error: unknown) => void;
  readonly log: Logger;
}

/** How long until the engine is tried again. Short: a database that is back must not wait for us. */
const RETRY_MS = 500;

const NOT_STARTED: Readiness = readinessOf({
  database: 'unreachable',
  ledger: 'not_open',
  key_ring: 'not_confirmed',
  release: 'unknown',
  clock: 'unknown',
});

/**
 * The broker from the first moment on. The HTTP server listens before the database answers: the process is alive,
 * not ready, and says 503; it goes on trying by itself, so that nothing has to restart it.
 */
export class StartingBroker
  implements Broker, OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown
{
  private engine: Engine | null = null;
  private starting: Promise<void> = Promise.resolve();
  private isStopping = false;
  private reported: string | null = null;

  constructor(private readonly options: StartingBrokerOptions) {}

  readonly exchange: Exchange = async (request) => this.running().exchange(request);
  readonly redeemDeferral: RedeemDeferral = async (request) => this.running().redeemDeferral(request);

  readonly issueTransactionToken: IssueTransactionToken = async (request) =>
    this.running().issueTransactionToken(request);

  readonly issueCallerToken: IssueCallerToken = async (request) => this.running().issueCallerToken(request);

  readonly introspect: Introspect = async (request) => this.running().introspect(request);

  readonly forwardAuth: ForwardAuth = async (request) => this.running().forwardAuth(request);

  readonly revoke: Revoke = async (request) => this.running().revoke(request);

  readonly revokeSubject: RevokeSubject = async (request) => this.running().revokeSubject(request);

  readonly receiveEvent: ReceiveEvent = async (request) => this.running().receiveEvent(request);

  async record(type: AuditEvent['type'], refusal: OAuthError): Promise<OAuthError> {
    return this.engine === null ? notStarted() : auditRefusal(this.engine.audit, type, refusal);
  }

  answerSigner(): SignAnswer {
    return this.running().answerSigner();
  }

  publishedKeys(): PublishedKeys {
    return this.running().ring.publicJwks();
  }

  isBrowserOrigin(origin: string): boolean {
    try {
      return this.running().trust.current().isBrowserOrigin(origin);
    } catch (error) {
      // The request itself is told 503, where it needs to know.
      if (error instanceof Unavailable) return false;
      throw error;
    }
  }

  readiness(): Readiness {
    const { checks } = this.engine === null ? NOT_STARTED : readinessOfEngine(this.engine);
    return readinessOf(this.isStopping ? { ...checks, process: 'stopping' } : checks);
  }

  onApplicationBootstrap(): void {
    this.starting = this.start().catch(this.options.onHopeless);
  }

  /** The first thing that stops is the promise to take more. */
  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /** By now nothing is under way any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.starting;
    await this.engine?.stop();
  }

  private async start(): Promise<void> {
    while (!this.isStopping && this.engine === null) {
      try {
        this.engine = await this.options.start();
        this.options.log.info({ checks: this.readiness().checks }, 'the broker has started');
      } catch (error) {
        if (error instanceof ConfigurationError || error instanceof KeyDoesNotOpen) throw error;
        this.report(error);
        await sleep(RETRY_MS);
      }
    }
  }

  /** Once per kind of trouble, not twice a second. */
  private report(error: unknown): void {
    const what = error instanceof Error ? `${error.name} ${error.message}` : String(error);
    if (what !== this.reported) this.options.log.warn({ err: error }, 'not started yet; trying again');
    this.reported = what;
  }

  private running(): Engine {
    if (this.engine === null) throw notStarted();
    return this.engine;
  }
}

function notStarted(): Unavailable {
  return new Unavailable('the broker has not started yet');
}
