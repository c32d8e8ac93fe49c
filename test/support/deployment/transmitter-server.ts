import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify } from 'jose';

/** One poll as it came (RFC 8936 §2.2). */
export interface Poll {
  readonly at: number;
  readonly maxEvents?: number;
  readonly returnImmediately?: boolean;
  readonly ack?: readonly string[];
  readonly setErrs?: Readonly<Record<string, { err: string; description: string }>>;
}

/** As which it knows the broker. */
const CLIENT_ID = 'oncekey';

/**
 * A transmitter of security events that are fetched, in the hands of the test: a token endpoint that knows the broker
 * by the keys that it publishes, and a poll endpoint that keeps each event until it is acknowledged or refused.
 */
export class TransmitterServer {
  /** What was not acknowledged and not refused yet, by name, in order. */
  readonly kept = new Map<string, unknown>();
  readonly polls: Poll[] = [];
  readonly tokenRequests: URLSearchParams[] = [];
  readonly acknowledged: string[] = [];
  readonly refused = new Map<string, { err: string; description: string }>();
  /** Null answers as it should; else the poll endpoint answers this. */
  failure: { status: number; headers?: Record<string, string>; body?: string } | null = null;
  /** How long a poll waits for an event where it may. */
  holdMs = 5_000;
  /** Where the broker publishes its keys; known when it runs. */
  brokerUrl = '';
  private readonly tokens = new Set<string>();
  private readonly used = new Set<string>();
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TransmitterServer> {
    const server = createServer();
    const transmitter = new TransmitterServer(server);
    server.on('request', (request, response) => {
      transmitter.answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return transmitter;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** `poll`, as registrations have it. */
  registration(): object {
    return {
      endpoint: `${this.url}/poll`,
      token_endpoint: `${this.url}/token`,
      client_id: CLIENT_ID,
      scope: 'ssf.read',
    };
  }

  /** Keeps a token under this name, and wakes whoever waits for one. */
  put(jti: string, token: unknown): void {
    this.kept.set(jti, token);
    for (const wake of [...this.waiting]) wake();
  }

  /** Whoever has a token needs another. */
  forgetTokens(): void {
    this.tokens.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (request.method === 'POST' && request.url === '/token') return this.answerToken(body, response);
    if (request.method !== 'POST' || request.url !== '/poll') return void response.writeHead(404).end();
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!this.tokens.has(token)) return void response.writeHead(401).end();
    await this.answerPoll(JSON.parse(body) as Omit<Poll, 'at'>, request, response);
  }

  private async answerToken(body: string, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(body);
    this.tokenRequests.push(form);
    const keys = createRemoteJWKSet(new URL(`${this.brokerUrl}/jwks`));
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', keys, {
      issuer: CLIENT_ID,
      subject: CLIENT_ID,
      audience: `${this.url}/token`,
      requiredClaims: ['jti', 'exp', 'iat'],
    });
    const jti = String(payload.jti);
    if (form.get('grant_type') !== 'client_credentials' || this.used.has(jti)) {
      return void response.writeHead(400).end('{"error":"invalid_grant"}');
    }
    this.used.add(jti);
    const token = randomUUID();
    this.tokens.add(token);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 300 }));
  }

  private async answerPoll(
    poll: Omit<Poll, 'at'>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    this.polls.push({ at: performance.now(), ...poll });
    if (this.failure !== null) {
      const { status, headers, body } = this.failure;
      return void response.writeHead(status, headers).end(body);
    }
    for (const jti of poll.ack ?? []) {
      this.kept.delete(jti);
      this.acknowledged.push(jti);
    }
    for (const [jti, why] of Object.entries(poll.setErrs ?? {})) {
      this.kept.delete(jti);
      this.refused.set(jti, why);
    }
    const wanted = poll.maxEvents ?? Infinity;
    if (this.kept.size === 0 && wanted > 0 && poll.returnImmediately !== true) await this.eventOr(request);
    const sets = Object.fromEntries([...this.kept].slice(0, wanted));
    const moreAvailable = this.kept.size > Object.keys(sets).length;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ sets, moreAvailable }));
  }

  /** Until there is an event, the poll has waited for long enough, or whoever polls is gone. */
  private eventOr(request: IncomingMessage): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, this.holdMs);
      this.waiting.add(wake);
      request.socket.once('close', wake);
    });
  }
}
