import { generateKeyPairSync } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { signIn } from '#quickstart';
import { firstLineOf, startTypescript } from './typescript-process.ts';

/** The application that its users sign in to. */
export const APPLICATION = 'rotation-app';

/** A private signing key, as oidc-provider wants it. */
export interface ProviderKey {
  readonly kid: string;
  readonly [member: string]: unknown;
}

export function makeProviderKey(kid: string): ProviderKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
}

/** As the quickstart's provider, with keys of the test's; each path that is asked for is said on a line. */
const PROGRAM = `
  load('./apps/quickstart/src/identity-provider/url-parse.ts');
  const { default: Provider } = await import('oidc-provider');
  const { providerConfiguration } = load('./dist/apps/quickstart/src/identity-provider/provider-configuration.js');
  const { ISSUER, PORT, CLIENT, KEYS } = process.env;
  const provider = new Provider(ISSUER, { ...providerConfiguration(CLIENT), jwks: { keys: JSON.parse(KEYS) } });
  const handle = provider.callback();
  const server = load('node:http').createServer((request, response) => {
    console.log(request.method + ' ' + request.url);
    handle(request, response);
  });
  server.listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
`;

/** A real oidc-provider, which is started again with other keys when they are to rotate: the first one signs. */
export class RealProvider {
  /** How often its key set was asked for, under whichever keys. */
  keyRequests = 0;
  private child: ChildProcess | null = null;

  constructor(private readonly port: number) {}

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async publish(keys: readonly ProviderKey[]): Promise<void> {
    await this.stop();
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, ISSUER: this.issuer, PORT: String(this.port), CLIENT: APPLICATION };
    const child = startTypescript(PROGRAM, { env: { ...env, KEYS: JSON.stringify(keys) } });
    this.child = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.keyRequests += chunk.toString().match(/^GET \/jwks$/gm)?.length ?? 0;
    });
    await firstLineOf(child);
  }

  /** A user signs in at its own pages. */
  signIn(user: string): Promise<string> {
    return signIn({ issuer: this.issuer, clientId: APPLICATION }, user);
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('close', done));
    child.kill('SIGKILL');
    await ended;
  }
}
