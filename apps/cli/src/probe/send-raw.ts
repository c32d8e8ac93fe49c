import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { EXIT, Failure } from '../failure.ts';
import type { SignedRequest } from './probe-caller.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const TIMEOUT_MS = 20_000;

/**
 * Sends a request as it is, doubled headers included, on a connection of its own. The body of the answer is not kept.
 *
 * In     via  origin to connect to instead of the URL's; the `Host` stays the URL's
 * Fails  Failure when there is no answer
 */
export function sendRaw(
  { method, url, headers, body }: SignedRequest,
  { via, signal }: { via: string | undefined; signal: AbortSignal },
): Promise<RawAnswer> {
  const to = via === undefined ? url : new URL(via);
  const send = to.protocol === 'https:' ? requestHttps : requestHttp;
  const lines = [
    ...headers.filter(([name]) => name !== 'host' && name !== 'content-length'),
    ['host', url.host],
  ];
  if (body !== null) lines.push(['content-length', String(body.length)]);
  return new Promise((resolve, reject) => {
    const noAnswer = (cause: unknown): void =>
      reject(new Failure(`${to.origin} does not answer`, EXIT.unavailable, { cause }));
    const sent = send(
      {
        method,
        protocol: to.protocol,
        // URLs write IPv6 addresses in brackets, sockets do not.
        hostname: to.hostname.replace(/^\[(.*)\]$/, '$1'),
        port: to.port,
        path: `${url.pathname}${url.search}`,
        headers: lines.flat(),
        agent: false,
        timeout: TIMEOUT_MS,
        signal,
        ...(via !== undefined && isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
      },
      (answer) => {
        answer.on('error', noAnswer);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
        answer.resume();
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} seconds`)));
    sent.on('error', (error) => (signal.aborted ? reject(signal.reason) : noAnswer(error)));
    sent.end(body ?? undefined);
  });
}
