import { createOncekeyClient, OncekeyError, type OncekeyClient, type OneTimeToken } from '#client';
import type { JwkTexts } from '#quickstart';
import { EXIT, Failure } from '../failure.ts';
import { withoutKey } from './without-key.ts';

export interface ProbeCallerOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientKey: JwkTexts;
  readonly subjectToken: () => Promise<string>;
  readonly resource: string;
  readonly scheme: Scheme;
  readonly signal: AbortSignal;
}

/** How the API wants its tokens. */
export type Scheme = 'dpop' | 'bearer';

/** A request with all that makes it good, not sent yet. */
export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  /** In the order in which they are sent; a name may come twice. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
}

/** Brokers hear of a registration within a second; a machine under load takes longer. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 200;

/** Earns tokens and signs requests as an honest client does, but leaves it to others what becomes of them. */
export class ProbeCaller {
  private signed: SignedRequest | null = null;
  private readonly client: OncekeyClient;
  private readonly stranger: OncekeyClient;

  constructor(private readonly options: ProbeCallerOptions) {
    this.client = this.newClient();
    this.stranger = this.newClient();
  }

  /**
   * A token for this request, as soon as the brokers know the probe.
   *
   * Fails  Failure when they still refuse after a while
   */
  async earn(request: Request): Promise<OneTimeToken> {
    const untilMs = Date.now() + PATIENCE_MS;
    for (;;) {
      this.options.signal.throwIfAborted();
      try {
        return await this.client.exchange(request);
      } catch (error) {
        if (!(error instanceof OncekeyError)) throw error;
        if (Date.now() >= untilMs) throw noToken(error);
        await new Promise((resolve) => void setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  /** The request as it would be sent with this token. `asStranger`: by somebody who saw it, with a key of their own. */
  async sign(
    request: Request,
    token: OneTimeToken,
    { asStranger = false }: { asStranger?: boolean } = {},
  ): Promise<SignedRequest> {
    this.signed = null;
    await (asStranger ? this.stranger : this.client).call(request, token);
    if (this.signed === null) throw new Error('nothing was signed');
    return this.signed;
  }

  private newClient(): OncekeyClient {
    const { issuer, clientId, clientKey, subjectToken, resource, scheme } = this.options;
    const sendToBroker = scheme === 'bearer' ? withoutKey(globalThis.fetch) : globalThis.fetch;
    return createOncekeyClient({
      issuer,
      clientId,
      clientKey,
      subjectToken,
      resources: [resource],
      fetch: async (input, init) => {
        const request = new Request(input, init);
        // What goes to the broker is sent; what would go to the API is kept.
        if (!request.headers.has('authorization')) return sendToBroker(request);
        const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer());
        this.signed = {
          method: request.method,
          url: new URL(request.url),
          headers: [...request.headers],
          body,
        };
        return new Response(null, { status: 204 });
      },
    });
  }
}

function noToken(error: OncekeyError): Failure {
  const { status, reasonId } = error;
  const more = reasonId === null ? '' : `\n  more, on the database host: oncekey explain ${reasonId}`;
  const isRefused = status !== null && status !== 503;
  return new Failure(
    `the broker gives no token for the probe: ${error.message}${more}`,
    isRefused ? EXIT.refused : EXIT.unavailable,
    { cause: error.cause },
  );
}
