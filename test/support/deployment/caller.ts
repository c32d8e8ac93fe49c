import { createHash, randomUUID } from 'node:crypto';
import { API, type Deployment } from './deployment.ts';
import { makeSigningKey, signJwt, type SigningKey } from './signing-key.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const JWT_SPIFFE = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe';

const BODY = '{"amount":5}';
export const DIGEST = createHash('sha256').update(BODY).digest('base64');
export const REFUND = `${API}/orders/42/refund`;

export type Parameters = Readonly<Record<string, string | undefined>>;
export type Claims = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const seconds = (): number => Math.floor(Date.now() / 1000);

/** Speaks the wire protocol by hand, so that a test can say each part of it wrongly. */
export class Caller {
  readonly device = makeSigningKey();
  private nonce: string | undefined;

  constructor(
    readonly deployment: Deployment,
    /** Which broker is talked to; proofs and assertions always name the issuer. */
    readonly brokerAt = 0,
  ) {}

  get url(): string {
    const broker = this.deployment.brokers[this.brokerAt];
    if (broker === undefined) throw new Error('there is no such broker');
    return broker.url;
  }

  assertion(claims: Claims = {}, header: Claims = {}, key = this.deployment.keys.client): string {
    const now = seconds();
    return signJwt(
      { typ: 'client-authentication+jwt', kid: key.kid, ...header },
      {
        iss: 'desk',
        sub: 'desk',
        aud: this.deployment.issuer,
        jti: randomUUID(),
        iat: now,
        exp: now + 60,
        ...claims,
      },
      key,
    );
  }

  serverAssertion(clientId = 'orders-api', key: SigningKey = this.deployment.keys.server): string {
    return this.assertion({ iss: clientId, sub: clientId }, {}, key);
  }

  proof(claims: Claims = {}, header: Claims = {}, key = this.device): string {
    const { kty, crv, x, y, n, e } = key.publicJwk;
    return signJwt(
      { typ: 'dpop+jwt', jwk: { kty, crv, x, y, n, e }, ...header },
      {
        jti: randomUUID(),
        htm: 'POST',
        htu: `${this.deployment.issuer}/token`,
        iat: seconds(),
        nonce: this.nonce,
        ...claims,
      },
      key,
    );
  }

  apiProof(token: string, claims: Claims = {}, key = this.device): string {
    const ath = createHash('sha256').update(token).digest('base64url');
    return this.proof({ htu: REFUND, ath, nonce: undefined, ...claims }, {}, key);
  }

  details(changes: Claims = {}): string {
    return JSON.stringify([
      {
        type: 'http_operation',
        locations: [API],
        actions: ['POST'],
        target_uri: REFUND,
        content_digest: { 'sha-256': DIGEST },
        ...changes,
      },
    ]);
  }

  /** The parameters of a good exchange; `undefined` leaves one out. */
  parameters(changes: Parameters = {}): Parameters {
    return {
      grant_type: TOKEN_EXCHANGE,
      client_assertion_type: JWT_BEARER,
      client_assertion: this.assertion(),
      // Signed where the caller has none: a load brings its own, and signs thousands of requests.
      ...('subject_token' in changes ? {} : { subject_token: this.deployment.issuerServer.idToken() }),
      subject_token_type: ID_TOKEN,
      resource: API,
      authorization_details: this.details(),
      ...changes,
    };
  }

  /** Asks for a nonce once, as a client does that has none. */
  async learnNonce({ again = false } = {}): Promise<void> {
    if (this.nonce !== undefined && !again) return;
    // The one that is known stays in use meanwhile: others may prove themselves with it.
    const withoutNonce = this.proof({ nonce: undefined });
    const { headers } = await this.post('/token', this.parameters(), { DPoP: withoutNonce });
    this.nonce = headers.get('dpop-nonce') ?? undefined;
  }

  /** For the proofs from now on: what an answer handed out (RFC 9449 section 8.2). */
  useNonce(nonce: string): void {
    this.nonce = nonce;
  }

  /** `proof`: null sends none. */
  async exchange(changes: Parameters = {}, proof?: string | null): Promise<Answer> {
    await this.learnNonce();
    const header = proof === undefined ? this.proof() : proof;
    return this.post('/token', this.parameters(changes), header === null ? {} : { DPoP: header });
  }

  /**
   * A token for the refund of order 42, with another nonce where the broker asks for one (RFC 9449 section 8). Fails when
   * the exchange does.
   */
  async token(changes: Parameters = {}): Promise<string> {
    let answer = await this.exchange(changes);
    if (answer.body['error'] === 'use_dpop_nonce') {
      await this.learnNonce({ again: true });
      answer = await this.exchange(changes);
    }
    const { status, body, text } = answer;
    const token = body['access_token'];
    if (status !== 200 || typeof token !== 'string')
      throw new Error(`the exchange answered ${status}: ${text}`);
    return token;
  }

  async introspect(
    token: string,
    changes: Parameters = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await this.introspectText(token, changes, headers);
    return { ...answer, body: readBody(answer.text) };
  }

  /** Introspects with a bearer token in place of an assertion. */
  introspectWith(bearer: string, token: string, changes: Parameters = {}): Promise<Answer> {
    const none = { client_assertion: undefined, client_assertion_type: undefined };
    return this.introspect(token, { ...none, ...changes }, { authorization: `Bearer ${bearer}` });
  }

  /** Asks for a caller token, as `orders-api` unless told otherwise. */
  askCallerToken(changes: Parameters = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const parameters = {
      grant_type: 'client_credentials',
      client_assertion_type: JWT_BEARER,
      client_assertion: this.serverAssertion(),
      ...changes,
    };
    return this.post('/token', parameters, headers);
  }

  /** A caller token of `orders-api`, whose registration has to give it some. Fails when the grant is refused. */
  async callerToken(changes: Parameters = {}): Promise<string> {
    const { status, body, text } = await this.askCallerToken(changes);
    const token = body['access_token'];
    if (status !== 200 || typeof token !== 'string')
      throw new Error(`the caller token was answered ${status}: ${text}`);
    return token;
  }

  /** The answer as it came, for whoever asks for something else than JSON. */
  async introspectText(
    token: string,
    changes: Parameters = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const parameters = {
      token,
      client_assertion_type: JWT_BEARER,
      client_assertion: this.serverAssertion(),
      http_method: 'POST',
      http_target_uri: REFUND,
      content_digest: `sha-256=:${DIGEST}:`,
      dpop_proof: this.apiProof(token),
      ...changes,
    };
    return this.postText('/introspect', parameters, headers);
  }

  /** A body that is no form. */
  async send(path: string, body: string, headers: Record<string, string>): Promise<Answer> {
    const answer = await this.sendText(path, body, headers);
    return { ...answer, body: readBody(answer.text) };
  }

  async post(path: string, parameters: Parameters, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await this.postText(path, parameters, headers);
    return { ...answer, body: readBody(answer.text) };
  }

  private postText(path: string, parameters: Parameters, headers: Record<string, string>): Promise<Answer> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
    return this.sendText(path, form, headers);
  }

  private async sendText(
    path: string,
    body: string | URLSearchParams,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, { method: 'POST', headers, body });
    return { status: response.status, headers: response.headers, text: await response.text(), body: {} };
  }
}

function readBody(text: string): Answer['body'] {
  const body: unknown = text === '' ? {} : JSON.parse(text);
  return body as Answer['body'];
}
