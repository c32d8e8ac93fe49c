import { deploy, type Deployment } from './deployment.ts';
import { Caller, type Claims, type Parameters } from './caller.ts';
import { IssuerServer } from './issuer-server.ts';
import { makeSigningKey, signJwt, type SigningKey } from './signing-key.ts';

export const JWT = 'urn:ietf:params:oauth:token-type:jwt';
export const DOMAIN = 'spiffe://prod.example';
/** On whose behalf the batch client may call. */
export const BILLER = `${DOMAIN}/ns/pay/sa/biller`;
/** As whom it may act. */
export const AGENT = `${DOMAIN}/ns/agents/sa/seven`;

const seconds = (): number => Math.floor(Date.now() / 1000);

/** A SPIFFE trust domain, another one, and a client of its own key that may present workloads of both. */
export class TrustDomain {
  readonly caller: Caller;

  private constructor(
    readonly deployment: Deployment,
    /** Of the client. */
    readonly clientKey: SigningKey,
    private readonly publisher: IssuerServer,
    /** Of the other trust domain. */
    readonly foreignKey: SigningKey,
  ) {
    this.caller = new BatchCaller(deployment, clientKey, () => this.svid());
  }

  static async start(databaseUrl: string): Promise<TrustDomain> {
    const publisher = await IssuerServer.start();
    const foreignKey = makeSigningKey();
    const batch = makeSigningKey();
    const { alg: _, ...key } = foreignKey.publicJwk;
    const bundle = { keys: [{ ...key, use: 'jwt-svid' }] };
    const fetched = { spiffe_bundle_endpoint: `${publisher.url}/bundle` };
    const deployment = await deploy({
      databaseUrl,
      policies: {
        'biller-refunds': `@digest("required")
permit (principal == Workload::"${BILLER}", action == Action::"orders.refund", resource == Api::"orders");`,
      },
      clients: () => [
        {
          client_id: 'batch',
          jwks: { keys: [batch.publicJwk] },
          identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
          resource_servers: ['orders', 'plain'],
          workloads: [
            { spiffe_id: `${DOMAIN}/ns/pay/*`, ...fetched },
            { spiffe_id: `${DOMAIN}/ns/agents/*`, ...fetched, as: 'actor' },
            { spiffe_id: 'spiffe://test.example/ns/pay/sa/biller', bundle },
          ],
        },
      ],
    });
    const domain = new TrustDomain(deployment, batch, publisher, foreignKey);
    await domain.caller.learnNonce();
    return domain;
  }

  /** That its SVIDs are signed with. */
  get key(): SigningKey {
    return this.publisher.key;
  }

  /** As SPIRE makes them: no issuer, no id, an audience in a list. */
  svid(claims: Claims = {}, key: SigningKey = this.publisher.key, header: Claims = {}): string {
    const now = seconds();
    const made = { sub: BILLER, aud: [this.deployment.issuer], iat: now, exp: now + 300, ...claims };
    return signJwt({ typ: 'JWT', kid: key.kid, ...header }, made, key);
  }

  async stop(): Promise<void> {
    await this.deployment.stop();
    await this.publisher.stop();
  }
}

/** A client of its own key, called `batch`, that presents the SVIDs of workloads. */
export class BatchCaller extends Caller {
  constructor(
    of: Deployment,
    private readonly key: SigningKey,
    private readonly svid: () => string,
  ) {
    super(of);
  }

  override assertion(claims: Claims = {}, header: Claims = {}, key = this.key): string {
    return super.assertion({ iss: 'batch', sub: 'batch', ...claims }, header, key);
  }

  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({ subject_token: this.svid(), subject_token_type: JWT, ...changes });
  }
}

interface SpoiltSvid {
  readonly name: string;
  /** `sub`: of whom it is. */
  readonly make: (domain: TrustDomain, sub: string) => string;
  /** After `subject.` or `actor.` */
  readonly reason: string;
}

const spoilt = (name: string, claims: (domain: TrustDomain) => Claims, reason: string): SpoiltSvid => ({
  name,
  make: (domain, sub) => domain.svid({ sub, ...claims(domain) }),
  reason,
});

const spoiltHeader = (name: string, header: Claims, reason: string): SpoiltSvid => ({
  name,
  make: (domain, sub) => domain.svid({ sub }, undefined, header),
  reason,
});

/** SVIDs that nobody may take, whatever they are shown as. */
export const SPOILT_SVIDS: readonly SpoiltSvid[] = [
  {
    name: 'C-18: signed with a key of another trust domain',
    make: (domain, sub) => domain.svid({ sub }, domain.foreignKey),
    reason: 'bad_signature',
  },
  {
    name: 'signed by nobody',
    make: (domain, sub) => domain.svid({ sub }, makeSigningKey()),
    reason: 'bad_signature',
  },
  spoiltHeader('J-01: of alg none', { alg: 'none' }, 'bad_signature'),
  spoiltHeader('J-18: of typ at+jwt', { typ: 'at+jwt' }, 'wrong_kind'),
  spoilt('for another audience', () => ({ aud: 'https://api.example' }), 'wrong_audience'),
  spoilt(
    'for one audience more',
    ({ deployment }) => ({ aud: [deployment.issuer, 'https://api.example'] }),
    'wrong_audience',
  ),
  spoilt('without an audience', () => ({ aud: undefined }), 'wrong_audience'),
  spoilt('that is over', () => ({ exp: seconds() - 10 }), 'wrong_time'),
  spoilt('without exp', () => ({ exp: undefined }), 'wrong_time'),
  spoilt('without iat', () => ({ iat: undefined }), 'wrong_time'),
  spoilt('that lives for a day', () => ({ exp: seconds() + 86_400 }), 'wrong_time'),
  spoilt('J-19: with events', () => ({ events: {} }), 'wrong_kind'),
  spoilt('bound to what is no key', () => ({ cnf: { jwk: { kty: 'oct', k: 'AA' } } }), 'bad_claims'),
  spoilt('bound to another key', () => ({ cnf: { jkt: makeSigningKey().thumbprint } }), 'key_bound'),
];
