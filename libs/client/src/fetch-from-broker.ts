import { OncekeyError } from './oncekey-error.ts';

export interface BrokerFetch {
  readonly fetch: typeof globalThis.fetch;
  /** For each request to the broker, its answer included. */
  readonly timeoutMs: number;
}

export interface BrokerAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, when it is a JSON object; null otherwise. */
  readonly json: Readonly<Record<string, unknown>> | null;
}

interface BrokerRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** The caller's own wish to stop; its reason is thrown as it is. */
  readonly signal?: AbortSignal;
}

/**
 * One request to the broker. Redirects are not followed: they would carry secrets elsewhere.
 *
 * Fails  OncekeyError `timed_out` | `unreachable`; the reason of `signal` when that is what stopped it
 */
export async function fetchFromBroker(
  { fetch, timeoutMs }: BrokerFetch,
  url: string,
  { signal, ...request }: BrokerRequest,
): Promise<BrokerAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      ...request,
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    return { status: response.status, headers: response.headers, json: readObject(await response.text()) };
  } catch (cause) {
    signal?.throwIfAborted();
    if (timeout.aborted)
      throw new OncekeyError('timed_out', { description: `no answer in ${timeoutMs} ms`, cause });
    throw new OncekeyError('unreachable', { description: 'the broker did not answer', cause });
  }
}

function readObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
