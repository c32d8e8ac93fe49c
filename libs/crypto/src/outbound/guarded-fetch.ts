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
 * GETs that go where they were meant to and nowhere else. The name is resolved once, every address of it is
 * checked, and the connection is made to those very addresses, so that a name cannot lead elsewhere in between. Redirects
 * are not followed. Nothing of ours goes along: no cookie, no authorization, no trace.
 */
export class GuardedFetch {
  constructor(private readonly options: GuardedFetchOptions) {}

  /**
   * The JSON object at `url`.
   *
   * Fails  FetchRefused, which holds nothing of what the server sent
   */
  readonly json: FetchJson = async (url) => {
    const target = readOutboundUrl(url, this.options);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), this.options.totalMs ?? FETCH_TOTAL_MS);
    try {
      const addresses = await this.addressesOf(target, deadline.signal);
      const response = await this.get(target, addresses, deadline.signal);
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
    }
  };

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

  private get(
    { url }: OutboundTarget,
    addresses: readonly string[],
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const options: RequestOptions = {
      method: 'GET',
      // No shared agent: no connection of others is used again, and no proxy of the environment.
      agent: false,
      lookup: pinnedTo(addresses),
      signal,
      headers: { Accept: 'application/json', 'Accept-Encoding': 'identity', 'User-Agent': 'oncekey' },
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
      request.end();
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
