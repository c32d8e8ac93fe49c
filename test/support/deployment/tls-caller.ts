import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAuthority, makeCertificate, type MadeCertificate } from '../certificates.ts';
import { answerOf } from './answer-of.ts';
import { Caller, type Answer, type Parameters } from './caller.ts';
import type { Deployment } from './deployment.ts';
import { freePort } from './free-port.ts';

/** How a request is made: with which certificate, and which other fields. */
export type Connection = Omit<RequestOptions, 'headers'> & { readonly fields?: OutgoingHttpHeaders };

/** The listener of a broker that ends TLS itself: where it is, and with which certificate. */
export class TlsListener {
  readonly authority = makeAuthority('Acme Servers');
  /** That of the broker. */
  readonly certificate = makeCertificate({ issuer: this.authority, dns: 'localhost' });

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {
    writeFileSync(join(folder, 'cert.pem'), this.certificate.pem);
    writeFileSync(join(folder, 'key.pem'), pemOfKey(this.certificate));
  }

  static async prepare(): Promise<TlsListener> {
    return new TlsListener(await freePort(), mkdtempSync(join(tmpdir(), 'oncekey-mtls-')));
  }

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  /** For the environment of the broker. */
  get env(): Readonly<Record<string, string>> {
    return {
      ONCEKEY_MTLS_PORT: String(this.port),
      ONCEKEY_MTLS_CERTIFICATE_FILE: join(this.folder, 'cert.pem'),
      ONCEKEY_MTLS_KEY_FILE: join(this.folder, 'key.pem'),
      ONCEKEY_MTLS_URL: this.url,
    };
  }

  /** Each over a connection of its own. */
  post(path: string, parameters: Parameters, { fields, ...options }: Connection = {}): Promise<Answer> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, {
        method: 'POST',
        ca: this.authority.pem,
        agent: false,
        ...options,
        headers: { ...fields, 'Content-Type': 'application/x-www-form-urlencoded' },
      });
      sent.on('error', reject).on('response', (response) => void answerOf(response).then(resolve, reject));
      sent.end(form.toString());
    });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The TLS of a client: with a certificate and those behind it, or with none. */
export function tlsIdentity(
  certificate: MadeCertificate | null,
  ...chain: readonly MadeCertificate[]
): Connection {
  if (certificate === null) return {};
  return { cert: [certificate, ...chain].map(({ pem }) => pem).join(''), key: pemOfKey(certificate) };
}

/** A client that connects with a certificate to the broker itself. */
export class TlsCaller extends Caller {
  constructor(
    deployment: Deployment,
    private readonly listener: TlsListener,
    private readonly certificate: MadeCertificate | null,
  ) {
    super(deployment);
  }

  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({ client_assertion: undefined, client_assertion_type: undefined, ...changes });
  }

  override post(path: string, parameters: Parameters, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    return this.listener.post(path, parameters, { ...tlsIdentity(this.certificate), fields: headers });
  }
}

function pemOfKey({ privateKey }: MadeCertificate): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}
