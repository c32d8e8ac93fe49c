import { request } from 'node:http';
import { clientCert, type MadeCertificate } from '../certificates.ts';
import { answerOf } from './answer-of.ts';
import { Caller, type Answer, type Parameters } from './caller.ts';
import type { Deployment } from './deployment.ts';

/** Where the proxy is that the deployment believes about certificates; everybody else is at 127.0.0.1. */
export const PROXY = '127.0.0.2';

/** Headers by name; a list is as many fields. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** A client with a certificate, seen through a proxy that ends its TLS. */
export class CertificateCaller extends Caller {
  fields: Fields;

  constructor(
    deployment: Deployment,
    readonly certificate: MadeCertificate,
    private readonly from = PROXY,
  ) {
    super(deployment);
    this.fields = { 'Client-Cert': clientCert(certificate) };
  }

  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({ client_assertion: undefined, client_assertion_type: undefined, ...changes });
  }

  /** This call alone is made with other fields. */
  async withFields(fields: Fields, call: () => Promise<Answer>): Promise<Answer> {
    const usual = this.fields;
    this.fields = fields;
    try {
      return await call();
    } finally {
      this.fields = usual;
    }
  }

  override post(path: string, parameters: Parameters, headers: Fields = {}): Promise<Answer> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, {
        method: 'POST',
        localAddress: this.from,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers, ...this.fields } as never,
      });
      sent.on('error', reject).on('response', (response) => void answerOf(response).then(resolve, reject));
      sent.end(form.toString());
    });
  }
}
