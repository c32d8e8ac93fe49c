import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeSigningKey, signJwt, type SigningKey } from './signing-key.ts';

/**
 * An identity provider's discovery and keys, and a SPIFFE bundle of them, in the hands of the test: it can rotate, fail and count. Sign-ins are
 * tested with the real `oidc-provider`; this is for ID tokens that no honest provider would make.
 */
export class IssuerServer {
  keys: SigningKey[] = [makeSigningKey('ES256')];
  /** Where its metadata lie; a transmitter that signs nobody in has others. */
  metadataPath = '/.well-known/openid-configuration';
  requests = 0;
  /** Null answers as it should. */
  failure: { status: number; body: string } | null = null;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<IssuerServer> {
    const server = createServer();
    const issuer = new IssuerServer(server);
    server.on('request', (request, response) => {
      issuer.requests++;
      const { status, body } = issuer.failure ?? issuer.answerTo(request.url ?? '');
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  get key(): SigningKey {
    const [key] = this.keys;
    if (key === undefined) throw new Error('the issuer has no key');
    return key;
  }

  idToken(claims: object = {}, header: object = {}, key = this.key): string {
    const now = Math.floor(Date.now() / 1000);
    return signJwt(
      { kid: key.kid, ...header },
      {
        iss: this.url,
        sub: 'ada',
        aud: 'desk-app',
        iat: now,
        exp: now + 600,
        auth_time: now,
        groups: ['support'],
        ...claims,
      },
      key,
    );
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answerTo(path: string): { status: number; body: string } {
    if (path === this.metadataPath) {
      return { status: 200, body: JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/jwks` }) };
    }
    if (path === '/jwks') {
      return { status: 200, body: JSON.stringify({ keys: this.keys.map(({ publicJwk }) => publicJwk) }) };
    }
    if (path === '/bundle') {
      const keys = this.keys.map(({ publicJwk }) => ({ ...publicJwk, alg: undefined, use: 'jwt-svid' }));
      const authority = { kty: 'EC', crv: 'P-384', use: 'x509-svid', x: 'AA', y: 'AA', x5c: ['AA'] };
      const bundle = { spiffe_sequence: 1, spiffe_refresh_hint: 300, keys: [authority, ...keys] };
      return { status: 200, body: JSON.stringify(bundle) };
    }
    return { status: 404, body: '{}' };
  }
}
