import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP, isIPv6, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { isJsonObject, type JsonObject } from '#core';
import { FetchRefused } from './fetch-refused.ts';
import { assertReachable, readOutboundUrl, type OutboundRules, type OutboundTarget } from './outbound-url.ts';
import { readJsonBody } from './read-json-body.ts';

/** Fetches a JSON document from elsewhere. Fails  FetchRefused */
export type FetchJson = (url: string) => Promise<JsonObject>;

export interface OutboundPost {
  readonly contentType: string;
  readonly body: string;
  /** What the server is to know who asks by. */
  readonly authorization?: string;
  /** For all of it. */
  readonly totalMs?: number;
  /** Whoever asks has changed his mind. */
  readonly signal?: AbortSignal;
}

/** Sends something and takes a JSON document for it. Fails  FetchRefused */
export type PostForJson = (url: string, post: OutboundPost) => Promise<JsonObject>;

/** All addresses that a name has. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

export interface GuardedFetchOptions extends OutboundRules {
  readonly resolve?: ResolveHost;
  /** PEM, trusted besides those that come with Node. */
  readonly certificates?: readonly string[];
  readonly maxBytes?: number;
  /** For all of it: name, connection, TLS, answer. */
  readonly totalMs?: number;
}

export const MAX_DOCUMENT_BYTES = 256 * 1024;
export const FETCH_TOTAL_MS = 5_000;

/**
 * Requests that go where they were meant to and nowhere else. The name is resolved once, every address of it is
 * checked, and the connection is made to those very addresses, so that a name cannot lead elsewhere in between. Redirects
 * are not followed. Nothing of ours goes along but what a POST is given: no cookie, no authorization, no trace.
 */
export class GuardedFetch {
  constructor(private readonly options: GuardedFetchOptions) {}

  /**
   * The JSON object at `url`.
   *
   * Fails  FetchRefused, which holds nothing of what the server sent
   */
  readonly json: FetchJson = (url) => this.request(url, null);

  /**
   * The JSON object that `url` answers a POST with.
   *
   * Fails  FetchRefused, which holds nothing of what the server sent
   */
  readonly postForJson: PostForJson = (url, post) => this.request(url, post);

  private async request(url: string, post: OutboundPost | null): Promise<JsonObject> {
    const target = readOutboundUrl(url, this.options);
    const deadline = new AbortController();
    const giveUp = (): void => deadline.abort();
    const timer = setTimeout(giveUp, post?.totalMs ?? this.options.totalMs ?? FETCH_TOTAL_MS);
    post?.signal?.addEventListener('abort', giveUp, { once: true });
    if (post?.signal?.aborted === true) giveUp();
    try {
      const addresses = await this.addressesOf(target, deadline.signal);
      const response = await this.send(target, post, { addresses, signal: deadline.signal });
      try {
        return await readJsonBody(response, this.options.maxBytes ?? MAX_DOCUMENT_BYTES);
      } finally {
        response.destroy();
      }
    } catch (failed) {
      if (failed instanceof FetchRefused) throw failed;
      if (deadline.signal.aborted) throw new FetchRefused('too_slow');
      // The error itself may hold bytes that the server sent; its code does not.
      throw new FetchRefused('unreachable', codeOf(failed));
    } finally {
      clearTimeout(timer);
      post?.signal?.removeEventListener('abort', giveUp);
    }
  }

  private async addressesOf(
    { host, isLoopback }: OutboundTarget,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (isIP(host) !== 0) return [host];
    const resolve = this.options.resolve ?? resolveHost;
    const addresses = await Promise.race([
      resolve(host).catch(() => {
        throw new FetchRefused('unresolvable');
      }),
      rejectionOf(signal),
    ]);
    if (addresses.length === 0) throw new FetchRefused('unresolvable');
    // One address too many is reason enough: the next connection could go there.
    for (const address of addresses) assertReachable(address, isLoopback);
    return addresses;
  }

  private send(
    { url }: OutboundTarget,
    post: OutboundPost | null,
    { addresses, signal }: { readonly addresses: readonly string[]; readonly signal: AbortSignal },
  ): Promise<IncomingMessage> {
    const options: RequestOptions = {
      method: post === null ? 'GET' : 'POST',
      // No shared agent: no connection of others is used again, and no proxy of the environment.
      agent: false,
      lookup: pinnedTo(addresses),
      signal,
      headers: {
        Accept: 'application/json',
        'Accept-Encoding': 'identity',
        'User-Agent': 'oncekey',
        ...(post !== null && {
          'Content-Type': post.contentType,
          'Content-Length': Buffer.byteLength(post.body),
        }),
        ...(post?.authorization !== undefined && { Authorization: post.authorization }),
      },
      maxHeaderSize: 16_384,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(this.options.certificates && { ca: [...rootCertificates, ...this.options.certificates] }),
    };
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = start(url, options, resolve);
      // More than one may come, and one that nobody hears ends the process.
      request.on('error', reject);
      request.once('close', () => reject(new FetchRefused('unreachable', 'closed')));
      request.end(post?.body);
    });
  }
}

async function resolveHost(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Answers with the addresses that were checked, whatever the name means by now. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, { all }, callback) => {
    const [first] = entries;
    if (all === true) callback(null, entries);
    else callback(null, first?.address ?? '', first?.family);
  };
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new FetchRefused('too_slow')), { once: true });
  });
}

function codeOf(failed: unknown): string | null {
  const code = isJsonObject(failed) ? failed['code'] : null;
  return typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : null;
}
