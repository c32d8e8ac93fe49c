import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { makeSigningKey, signJwt } from './deployment/signing-key.ts';

/** What a gateway does wrongly; each is a mistake that somebody has made. */
export type GatewayFault =
  | 'asks_nobody'
  | 'never_answers'
  | 'repeats_its_idempotency_key'
  | 'keeps_answers'
  | 'keeps_refusals'
  | 'forgets_the_body'
  | 'forgets_the_path'
  | 'forgets_the_query'
  | 'takes_head_for_get'
  | 'drops_the_proof'
  | 'takes_the_first_of_two';

/**
 * A gateway in front of an API that has nothing: it introspects each request and lets in what is active. `fault` is what it does wrongly; null: nothing.
 */
export class FaultyGateway {
  fault: GatewayFault | null = null;
  /** What it takes; bearer tokens come without a proof. */
  scheme: 'DPoP' | 'Bearer' = 'DPoP';
  /** How many requests have come. */
  requests = 0;
  readonly key = makeSigningKey();
  private readonly kept = new Map<string, boolean>();
  private readonly server: Server;

  /** `origin`: the API's own, which is told as the host of each request. */
  constructor(private readonly broker: { issuer: string; clientId: string; origin: () => string }) {
    this.server = createServer((request, response) => {
      this.statusFor(request).then(
        (status) => response.writeHead(status).end(),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => void this.server.listen(port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => void this.server.close(resolve));
  }

  private async statusFor(request: IncomingMessage): Promise<number> {
    this.requests += 1;
    if (this.fault === 'never_answers') return new Promise(() => undefined);
    const body = await buffer(request);
    const authorizations = valuesOf(request, 'authorization');
    const proofs = valuesOf(request, 'dpop');
    if (this.fault === 'asks_nobody') return 404;
    if (this.fault !== 'takes_the_first_of_two' && (authorizations.length > 1 || proofs.length > 1))
      return 400;
    const [scheme = '', token = ''] = authorizations[0]?.split(' ') ?? [];
    const [proof] = proofs;
    if (token === '') return 401;
    const isMeant = scheme === this.scheme && (proof !== undefined) === (scheme === 'DPoP');
    if (this.fault !== 'drops_the_proof' && !isMeant) return 401;
    return (await this.isActive(request, { token, proof, body })) ? 404 : 401;
  }

  private async isActive(
    { method = '', url = '' }: IncomingMessage,
    { token, proof, body }: { token: string; proof: string | undefined; body: Buffer },
  ): Promise<boolean> {
    const kept = this.kept.get(token);
    if (kept === true && this.fault === 'keeps_answers') return true;
    if (kept === false && this.fault === 'keeps_refusals') return false;
    const digest = createHash('sha256').update(body).digest('base64');
    const path = this.fault === 'forgets_the_query' ? url.replace(/\?.*/, '') : url;
    const told = {
      token,
      http_method: this.fault === 'takes_head_for_get' && method === 'HEAD' ? 'GET' : method,
      http_target_uri: this.fault === 'forgets_the_path' ? undefined : `${this.broker.origin()}${path}`,
      content_digest:
        this.fault === 'forgets_the_body' || body.length === 0 ? undefined : `sha-256=:${digest}:`,
      dpop_proof: this.fault === 'drops_the_proof' ? undefined : proof,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: this.assertion(),
    };
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(told)) if (value !== undefined) form.set(name, value);
    const response = await fetch(`${this.broker.issuer}/introspect`, {
      method: 'POST',
      body: form,
      headers: {
        'idempotency-key': this.fault === 'repeats_its_idempotency_key' ? '"always"' : `"${randomUUID()}"`,
      },
    });
    const active = response.ok && ((await response.json()) as { active: boolean }).active;
    this.kept.set(token, active);
    return active;
  }

  private assertion(): string {
    const { clientId, issuer } = this.broker;
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60 };
    return signJwt({ typ: 'client-authentication+jwt', kid: this.key.kid }, claims, this.key);
  }
}

function valuesOf({ rawHeaders }: IncomingMessage, name: string): readonly string[] {
  return rawHeaders.flatMap((value, at) =>
    rawHeaders[at - 1]?.toLowerCase() === name && at % 2 === 1 ? [value] : [],
  );
}
