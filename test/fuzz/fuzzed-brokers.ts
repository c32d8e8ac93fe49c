import { CallChain, transactionRequest } from '../support/deployment/call-chain.ts';
import {
  Caller,
  DIGEST,
  ID_TOKEN,
  JWT_BEARER,
  REFUND,
  type Parameters,
} from '../support/deployment/caller.ts';
import { granted } from '../support/deployment/assertion-grant.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { AGENT, JWT, TrustDomain } from '../support/deployment/trust-domain.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import type { SigningKey } from '../support/deployment/signing-key.ts';
import type { Credential, ValidRequest } from './valid-requests.ts';

/** Half of the life of a nonce, and of what a request may be made with again. */
const GOOD_FOR_MS = 25_000;

type Credentials = readonly (readonly [Credential, SigningKey | null])[];

/** Brokers of every kind that requests can be sent to, and good requests of every kind. */
export class FuzzedBrokers {
  private readonly kept = new Map<string, { readonly until: number; readonly value: Promise<string> }>();

  private constructor(
    private readonly plain: Caller,
    private readonly domain: TrustDomain,
    private readonly chain: CallChain,
  ) {}

  static async start(): Promise<FuzzedBrokers> {
    const { url } = await freshDatabase();
    const deployment = await deploy({ databaseUrl: url, servers: { orders: { caller_tokens: true } } });
    const domain = await TrustDomain.start((await freshDatabase()).url);
    const chain = await CallChain.start((await freshDatabase()).url);
    return new FuzzedBrokers(new Caller(deployment), domain, chain);
  }

  /** By what they ask for. Each makes a request that would be granted now. */
  readonly kinds: Readonly<Record<string, () => Promise<ValidRequest>>> = {
    'a token for a user': () => this.exchange(),
    'a token for an identity assertion': () => this.identityAssertion(),
    'a token for a workload that acts for a user': () => this.actingWorkload(),
    'a token for a workload': () => this.workload(),
    'a token on account of a transaction': () => this.trade(),
    'a transaction token': () => this.transaction(),
    'a caller token': () => this.callerToken(),
    introspection: async () => this.introspection(await this.token()),
    'introspection with a caller token': () => this.introspectionByBearer(),
  };

  /** Everything still runs and serves. */
  async expectServed(): Promise<void> {
    for (const { brokers } of this.deployments) expect(brokers[0]?.node.isRunning).toBe(true);
    for (const { deployment } of [this.plain, this.domain, this.chain]) {
      await expectServed(new Caller(deployment));
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.plain.deployment.stop(), this.domain.stop(), this.chain.deployment.stop()]);
  }

  private get deployments(): readonly Deployment[] {
    return [this.plain.deployment, this.domain.deployment, this.chain.deployment];
  }

  private async exchange(): Promise<ValidRequest> {
    const parameters = this.plain.parameters({ request_context: '{"reason":"a damaged parcel"}' });
    const { keys, issuerServer } = this.plain.deployment;
    return this.provenAt(this.plain, parameters, [
      ['client_assertion', keys.client],
      ['subject_token', issuerServer.key],
    ]);
  }

  private async identityAssertion(): Promise<ValidRequest> {
    const { keys, issuerServer } = this.plain.deployment;
    const parameters = this.plain.parameters(granted(this.plain));
    return this.provenAt(this.plain, parameters, [
      ['client_assertion', keys.client],
      ['assertion', issuerServer.key],
    ]);
  }

  private async actingWorkload(): Promise<ValidRequest> {
    const { caller, deployment, clientKey, key } = this.domain;
    const acting = {
      // Before what has to be there: a request that is cut off behind it would be one without an actor.
      actor_token: this.domain.svid({ sub: AGENT }),
      actor_token_type: JWT,
      ...caller.parameters(),
      subject_token: deployment.issuerServer.idToken(),
      subject_token_type: ID_TOKEN,
    };
    return this.provenAt(caller, acting, [
      ['client_assertion', clientKey],
      ['subject_token', deployment.issuerServer.key],
      ['actor_token', key],
    ]);
  }

  private async workload(): Promise<ValidRequest> {
    const { caller, clientKey, key } = this.domain;
    return this.provenAt(caller, caller.parameters(), [
      ['client_assertion', clientKey],
      ['subject_token', key],
    ]);
  }

  private async trade(): Promise<ValidRequest> {
    const { service } = this.chain;
    const subject_token = await this.keep('transaction', async () => {
      await this.chain.caller.learnNonce({ again: true });
      return this.chain.transactionToken();
    });
    return this.provenAt(service, service.parameters({ subject_token }), [
      ['client_assertion', service.key],
      ['subject_token', null],
    ]);
  }

  private async transaction(): Promise<ValidRequest> {
    const spent = await this.keep('spent', async () => {
      const token = await this.token();
      await this.plain.introspect(token);
      return token;
    });
    const said = { request_details: '{"amount":5}', request_context: '{"shop":"berlin"}' };
    const parameters = { ...said, ...transactionRequest(this.plain, spent) };
    return this.requestAt(this.plain, parameters, [
      ['client_assertion', this.plain.deployment.keys.server],
      ['subject_token', null],
    ]);
  }

  private async callerToken(): Promise<ValidRequest> {
    const parameters = {
      client_assertion_type: JWT_BEARER,
      client_assertion: this.plain.serverAssertion(),
      scope: 'introspect',
      grant_type: 'client_credentials',
    };
    return this.requestAt(this.plain, parameters, [['client_assertion', this.plain.deployment.keys.server]]);
  }

  private introspection(token: string): ValidRequest {
    const { keys } = this.plain.deployment;
    const asserted = {
      client_assertion_type: JWT_BEARER,
      client_assertion: this.plain.serverAssertion(),
    };
    return this.requestAt(this.plain, { token, ...asserted, ...this.presented(token) }, [
      ['client_assertion', keys.server],
      ['token', null],
      ['dpop_proof', this.plain.device],
    ]);
  }

  private async introspectionByBearer(): Promise<ValidRequest> {
    const token = await this.token();
    const bearer = await this.keep('caller token', () => this.plain.callerToken());
    const request = this.requestAt(this.plain, { token, ...this.presented(token) }, [
      ['token', null],
      ['dpop_proof', this.plain.device],
      ['Authorization', null],
    ]);
    return { ...request, fields: { Authorization: `Bearer ${bearer}` } };
  }

  private presented(token: string): Parameters {
    return {
      http_method: 'POST',
      http_target_uri: REFUND,
      content_digest: `sha-256=:${DIGEST}:`,
      dpop_proof: this.plain.apiProof(token),
    };
  }

  /** With a proof of the caller's key, and a nonce that is good. */
  private async provenAt(
    caller: Caller,
    parameters: Parameters,
    credentials: Credentials,
  ): Promise<ValidRequest> {
    await this.freshNonce(caller);
    const request = this.requestAt(caller, parameters, [...credentials, ['DPoP', caller.device]]);
    return { ...request, fields: { DPoP: caller.proof() } };
  }

  private requestAt({ url }: Caller, parameters: Parameters, credentials: Credentials): ValidRequest {
    const present = Object.entries(parameters).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    return {
      port: Number(new URL(url).port),
      path: 'grant_type' in parameters ? '/token' : '/introspect',
      parameters: Object.fromEntries(present),
      fields: {},
      credentials: new Map(credentials),
    };
  }

  private async token(): Promise<string> {
    await this.freshNonce(this.plain);
    return this.plain.token();
  }

  private async freshNonce(caller: Caller): Promise<void> {
    await this.keep(`nonce of ${caller.device.kid}`, async () => {
      await caller.learnNonce({ again: true });
      return '';
    });
  }

  /** What is good for more than one request. */
  private keep(name: string, make: () => Promise<string>): Promise<string> {
    const kept = this.kept.get(name);
    if (kept !== undefined && performance.now() < kept.until) return kept.value;
    const value = make();
    this.kept.set(name, { until: performance.now() + GOOD_FOR_MS, value });
    return value;
  }
}
