import { createHash } from 'node:crypto';
import { Caller, JWT_BEARER, type Answer, type Claims, type Parameters } from './caller.ts';
import type { Deployment } from './deployment.ts';
import type { SigningKey } from './signing-key.ts';

/** Audience of the ID tokens of admins. */
const AUDIENCE = 'admin-app';

/** The client of every admin caller. */
const ADMIN_CLIENT = 'oncekey-cli';

export interface AdminIdentity {
  /** Public URL of the admin API. */
  readonly url: string;
  /** Of the client. */
  readonly key: SigningKey;
  readonly subject: string;
}

export interface CallOptions {
  /** Serialised here, unless it is a text already. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Claims of the ID token. */
  readonly claims?: Claims;
  /** Of the exchange, besides the usual ones. */
  readonly parameters?: Parameters;
}

/** An admin, who earns one token for each call. */
export class AdminCaller {
  private readonly caller: Caller;
  /** The broker gives each client nonces of its own. */
  private nonce: string | undefined;

  constructor(
    readonly deployment: Deployment,
    readonly identity: AdminIdentity,
  ) {
    this.caller = new Caller(deployment);
  }

  /** The key that its proofs are made with. */
  get device(): SigningKey {
    return this.caller.device;
  }

  get issuer(): string {
    return this.deployment.issuerServer.url;
  }

  idToken(claims: Claims = {}): string {
    return this.deployment.issuerServer.idToken({ sub: this.identity.subject, aud: AUDIENCE, ...claims });
  }

  identityProvider(): object {
    return { id: 'corp', issuer: this.issuer, groups_claim: 'groups' };
  }

  client(): object {
    return {
      client_id: ADMIN_CLIENT,
      jwks: { keys: [this.identity.key.publicJwk] },
      identity_providers: [{ id: 'corp', audiences: [AUDIENCE] }],
      resource_servers: ['oncekey-admin', 'orders'],
    };
  }

  /** Claims an enrolment code. */
  enroll(code: string, changes: object = {}): Promise<Answer> {
    return this.send('POST', '/enrolment', {
      body: {
        code,
        id_token: this.idToken(),
        identity_provider: this.identityProvider(),
        client: this.client(),
        ...changes,
      },
    });
  }

  get(path: string, options: CallOptions = {}): Promise<Answer> {
    return this.call('GET', path, options);
  }

  post(path: string, body: unknown, headers: CallOptions['headers'] & {} = {}): Promise<Answer> {
    return this.call('POST', path, { body, headers });
  }

  /** `version`: an ETag, quotes included. */
  put(path: string, body: unknown, version: string): Promise<Answer> {
    return this.call('PUT', path, { body, headers: { 'If-Match': version } });
  }

  delete(path: string, version: string): Promise<Answer> {
    return this.call('DELETE', path, { headers: { 'If-Match': version } });
  }

  /** Earns a token for exactly this call and makes it. `path` lies below `/admin/v1`. Fails when no token is given. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const token = await this.token(method, path, options);
    const headers = { ...options.headers, ...this.authorization(token, method, path) };
    return this.send(method, path, { ...options, headers });
  }

  /** A token for one call. Fails when the exchange does */
  async token(method: string, path: string, options: CallOptions = {}): Promise<string> {
    const { status, body, text } = await this.exchange(method, path, options);
    const token = body['access_token'];
    if (status !== 200 || typeof token !== 'string') {
      throw new Error(`no token for ${method} ${path}: ${status} ${text}`);
    }
    return token;
  }

  /** Asks the broker for a token for one call; once more where it wants a nonce that we lack. */
  async exchange(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    return this.ask(() => this.parametersOf(method, path, options));
  }

  /** Asks the broker with parameters of one's own, client authentication left out. */
  askWith(parameters: Parameters): Promise<Answer> {
    return this.ask(() => ({
      client_assertion_type: JWT_BEARER,
      client_assertion: this.clientAssertion(),
      ...parameters,
    }));
  }

  private async ask(parameters: () => Parameters): Promise<Answer> {
    const post = (): Promise<Answer> =>
      this.caller.post('/token', parameters(), { DPoP: this.caller.proof({ nonce: this.nonce }) });
    const answer = await post();
    if (answer.body['error'] !== 'use_dpop_nonce') return answer;
    this.nonce = answer.headers.get('dpop-nonce') ?? undefined;
    return post();
  }

  private clientAssertion(): string {
    return this.caller.assertion({ iss: ADMIN_CLIENT, sub: ADMIN_CLIENT }, {}, this.identity.key);
  }

  private parametersOf(method: string, path: string, { body, claims, parameters }: CallOptions): Parameters {
    const { url } = this.identity;
    const text = textOf(body);
    const digest = createHash('sha256')
      .update(text ?? '')
      .digest('base64');
    return this.caller.parameters({
      client_assertion: this.clientAssertion(),
      subject_token: this.idToken(claims),
      resource: url,
      authorization_details: JSON.stringify([
        {
          type: 'http_operation',
          locations: [url],
          actions: [method],
          target_uri: this.urlOf(path),
          ...(text === undefined ? {} : { content_digest: { 'sha-256': digest } }),
        },
      ]),
      ...parameters,
    });
  }

  authorization(token: string, method: string, path: string): Record<string, string> {
    const htu = this.urlOf(path).replace(/\?.*$/, '');
    return { Authorization: `DPoP ${token}`, DPoP: this.caller.apiProof(token, { htm: method, htu }) };
  }

  /** Makes a call as it is, without earning anything for it. */
  async send(method: string, path: string, { body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const text = textOf(body);
    const response = await fetch(this.urlOf(path), {
      method,
      headers: { ...(text === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(text === undefined ? {} : { body: text }),
    });
    const answered = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && answered !== '';
    return {
      status: response.status,
      headers: response.headers,
      text: answered,
      body: (isJson && !/jsonl/.test(response.headers.get('content-type') ?? '')
        ? JSON.parse(answered)
        : {}) as Answer['body'],
    };
  }

  urlOf(path: string): string {
    return `${this.identity.url}/admin/v1${path}`;
  }
}

function textOf(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}
