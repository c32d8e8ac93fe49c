import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { signJwt, type SigningKey } from '../support/deployment/signing-key.ts';
import { selfSignedCertificate } from '../support/self-signed-certificate.ts';

/**
 * TLS in front of a broker that has none here: mod_auth_openidc calls nothing without. What the module signs is for
 * this address, so that it is verified here, and signed anew with the same key for the broker.
 */
export class IntrospectionFront {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(issuer: string, clientId: string, key: SigningKey): Promise<IntrospectionFront> {
    const hourMs = 3_600_000;
    const [notBefore, notAfter] = [new Date(Date.now() - hourMs), new Date(Date.now() + hourMs)];
    const certificate = selfSignedCertificate({ host: 'localhost', notBefore, notAfter });
    const server = createServer(certificate, (request, response) => {
      const answer = async (): Promise<void> => {
        const form = new URLSearchParams(await text(request));
        verifyAssertion(form.get('client_assertion') ?? '', key);
        form.set('client_assertion', assertionFor(issuer, clientId, key));
        const answered = await fetch(`${issuer}/introspect`, { method: 'POST', body: form });
        response.writeHead(answered.status, { 'content-type': 'application/json' });
        response.end(await answered.text());
      };
      answer().catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return new IntrospectionFront(server, `https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => void this.server.close(resolve));
  }
}

function verifyAssertion(assertion: string, { privateKey }: SigningKey): void {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const isOurs = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    createPublicKey(privateKey),
    Buffer.from(signature, 'base64url'),
  );
  if (!isOurs) throw new Error('the assertion is not signed with the key of the module');
}

function assertionFor(issuer: string, clientId: string, key: SigningKey): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60 };
  return signJwt({ typ: 'client-authentication+jwt', kid: key.kid }, claims, key);
}
