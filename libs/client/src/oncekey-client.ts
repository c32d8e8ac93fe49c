import { clientAuthentication } from './client-authentication.ts';
import type { OncekeyClientOptions } from './client-options.ts';
import { discovery } from './discovery.ts';
import { makeDpopProof } from './dpop-proof.ts';
import { exchange } from './exchange.ts';
import { onDemand } from './on-demand.ts';
import type { OneTimeToken } from './one-time-token.ts';
import { readOutgoingRequest, type OutgoingRequest } from './outgoing-request.ts';
import { stepUpIn } from './step-up-challenge.ts';
import { makeDeviceKey, readSigningKey } from './signing-key.ts';

export interface OncekeyClient {
  /**
   * A `fetch` that earns each request its own token. It reads the body, exchanges, proves the device key and calls
   * the API once: a call whose outcome is unknown is never repeated here, because only the caller knows whether that
   * would be harmless. Nor is one that was answered 401, though it was not carried out: whoever calls again gets a
   * new token, unless the API asks for another sign-in (RFC 9470) and `onStepUp` brings one. Redirects come back as
   * they are (`redirect: 'manual'`), since a token is good for one URI.
   *
   * Fails  OncekeyError when there is no token, and the API was not called; otherwise as `fetch` fails
   */
  readonly fetch: typeof globalThis.fetch;

  /** The first half of `fetch`: the token for this request. Leaves the request unread. */
  exchange(request: Request): Promise<OneTimeToken>;

  /**
   * The second half of `fetch`: the request with a token that is already there and a fresh proof. Leaves the request
   * unread, so that it can be sent again: an honest caller never does.
   */
  call(request: Request, token: Pick<OneTimeToken, 'accessToken'>): Promise<Response>;

  /**
   * The request with its own token and a fresh proof, for other software to send, once, as it is. Leaves the one that
   * was given unread.
   */
  authorize(request: Request): Promise<Request>;

  /** RFC 7638 thumbprint of the device key, base64url SHA-256: what tokens are bound to. */
  thumbprint(): Promise<string>;
}

const TIMEOUT_MS = 5000;
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * A client of one broker, for one user and one device.
 *
 * Fails  OncekeyError `unacceptable_uri` when the issuer is neither https nor on this machine; `unacceptable_key` when
 *        there is not exactly one way to authenticate
 */
export function createOncekeyClient(options: OncekeyClientOptions): OncekeyClient {
  const { fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS, maxBodyBytes = MAX_BODY_BYTES } = options;
  // Called bare: a browser's `fetch` refuses to be a method of anything but the window.
  const broker = { fetch: (...request: Parameters<typeof fetch>) => fetch(...request), timeoutMs };
  const authentication = clientAuthentication(options);
  const deviceKey = onDemand(async () => readSigningKey(options.dpopKey ?? (await makeDeviceKey())));
  const metadata = discovery(options.issuer, broker);
  const obtain = exchange({ options, broker, metadata, authentication, deviceKey });

  async function headersOf(
    { headers, method, target, digest }: OutgoingRequest,
    { accessToken }: Pick<OneTimeToken, 'accessToken'>,
  ): Promise<Headers> {
    const all = new Headers(headers);
    all.set('authorization', `DPoP ${accessToken}`);
    all.set('dpop', await makeDpopProof(await deviceKey(), { method, htu: target.htu, accessToken }));
    if (digest !== null) all.set('content-digest', `sha-256=:${digest}:`);
    return all;
  }

  async function send(
    outgoing: OutgoingRequest,
    token: Pick<OneTimeToken, 'accessToken'>,
    init?: RequestInit,
  ): Promise<Response> {
    const { method, target, body, redirect, signal } = outgoing;
    const headers = await headersOf(outgoing, token);
    return broker.fetch(target.href, { ...init, method, headers, body, redirect, signal });
  }

  return {
    async fetch(input, init) {
      // Node takes a stream as a body only when it is told that the answer comes after it.
      const request = new Request(input, { duplex: 'half', ...init });
      const outgoing = await readOutgoingRequest(request, maxBodyBytes);
      const response = await send(outgoing, await obtain(outgoing), init);
      const stepUp = options.onStepUp === undefined ? null : stepUpIn(response);
      if (options.onStepUp === undefined || stepUp === null) return response;
      await response.body?.cancel();
      return send(outgoing, await obtain(outgoing, await options.onStepUp(stepUp)), init);
    },
    async exchange(request) {
      return obtain(await readOutgoingRequest(request.clone(), maxBodyBytes));
    },
    async call(request, token) {
      return send(await readOutgoingRequest(request.clone(), maxBodyBytes), token);
    },
    async authorize(request) {
      const outgoing = await readOutgoingRequest(request.clone(), maxBodyBytes);
      const { method, target, body, redirect, signal } = outgoing;
      const headers = await headersOf(outgoing, await obtain(outgoing));
      return new Request(target.href, { method, headers, body, redirect, signal });
    },
    async thumbprint() {
      return (await deviceKey()).thumbprint;
    },
  };
}
