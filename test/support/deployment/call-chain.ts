import { API, deploy, OTHER_API, type Deployment } from './deployment.ts';
import { Caller, JWT_BEARER, TOKEN_EXCHANGE, type Answer, type Claims, type Parameters } from './caller.ts';
import { makeSigningKey, type SigningKey } from './signing-key.ts';

export const TXN_TOKEN = 'urn:ietf:params:oauth:token-type:txn_token';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** What the service calls, on account of what it was asked. */
const THING = `${OTHER_API}things/7`;

/** The thing of an order may be looked at on account of its refund, by whoever the orders API has called. */
export const CALL_CHAIN_POLICY = `permit (principal is User, action == Action::"other.read", resource == Api::"other")
when {
  context.transaction has operation &&
  context.transaction.operation == "orders.refund" &&
  context.transaction.workloads.contains("orders-api") &&
  context.actor has sub && context.actor.sub == "fulfilment"
};`;

/** The orders API spends a token of `caller`, and hands a transaction token on to `service`, which calls the other API. */
export class CallChain {
  private constructor(
    readonly deployment: Deployment,
    readonly caller: Caller,
    readonly service: ServiceCaller,
  ) {}

  static async start(databaseUrl: string): Promise<CallChain> {
    const key = makeSigningKey();
    const service = {
      client_id: 'fulfilment',
      jwks: { keys: [key.publicJwk] },
      identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
      resource_servers: ['orders', 'other', 'plain'],
      transaction_tokens: true,
    };
    const policies = { 'refund-looks': CALL_CHAIN_POLICY };
    const deployment = await deploy({ databaseUrl, policies, clients: () => [service] });
    const chain = new CallChain(deployment, new Caller(deployment), new ServiceCaller(deployment, key));
    chain.service.handed = await chain.transactionToken();
    await chain.service.learnNonce();
    return chain;
  }

  /** What the orders API hands on, having spent a token for a refund. */
  async transactionToken(changes: Parameters = {}, asked: Parameters = {}): Promise<string> {
    const token = await this.caller.token(changes);
    await this.caller.introspect(token);
    const { body } = await askTransactionToken(this.caller, token, asked);
    return String(body['access_token']);
  }

  /** One of a second's life, for another operation. */
  async briefTransactionToken(): Promise<string> {
    const { caller } = this;
    const target_uri = `${API}/orders/42/brief`;
    const token = await caller.token({ authorization_details: caller.details({ target_uri }) });
    const dpop_proof = caller.apiProof(token, { htu: target_uri });
    await caller.introspect(token, { http_target_uri: target_uri, dpop_proof });
    const { body } = await askTransactionToken(caller, token, { scope: 'orders.brief' });
    return String(body['access_token']);
  }

  /** The other API spends the token of the service. */
  introspectThing(token: string): Promise<Answer> {
    return this.service.introspect(token, {
      client_assertion: this.otherAssertion(),
      http_method: 'GET',
      http_target_uri: THING,
      content_digest: undefined,
      dpop_proof: this.service.apiProof(token, { htm: 'GET', htu: THING }),
    });
  }

  otherAssertion(): string {
    return this.caller.serverAssertion('other-api', this.deployment.keys.otherServer);
  }
}

/** A service behind the orders API, which calls another API on account of what it was asked. */
class ServiceCaller extends Caller {
  /** The transaction token that it asks for its first nonce with. */
  handed: string | undefined;

  constructor(
    of: Deployment,
    /** Of the client that it is. */
    readonly key: SigningKey,
  ) {
    super(of);
  }

  override assertion(claims: Claims = {}, header: Claims = {}, key = this.key): string {
    return super.assertion({ iss: 'fulfilment', sub: 'fulfilment', ...claims }, header, key);
  }

  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({
      subject_token: this.handed,
      subject_token_type: TXN_TOKEN,
      resource: OTHER_API,
      authorization_details: thing(),
      ...changes,
    });
  }
}

/** `authorization_details` of the call to the other API. */
export function thing(): string {
  return JSON.stringify([
    { type: 'http_operation', locations: [OTHER_API], actions: ['GET'], target_uri: THING },
  ]);
}

/** Trades a token that an API has spent, or a transaction token, for a transaction token. */
export function askTransactionToken(
  by: Caller,
  subject_token: string,
  changes: Parameters = {},
): Promise<Answer> {
  return by.post('/token', transactionRequest(by, subject_token, changes));
}

/** The parameters of such a request. */
export function transactionRequest(by: Caller, subject_token: string, changes: Parameters = {}): Parameters {
  return {
    grant_type: TOKEN_EXCHANGE,
    client_assertion_type: JWT_BEARER,
    client_assertion: by.serverAssertion(),
    subject_token,
    subject_token_type: ACCESS_TOKEN,
    requested_token_type: TXN_TOKEN,
    audience: by.deployment.issuer,
    scope: 'orders.refund',
    ...changes,
  };
}
