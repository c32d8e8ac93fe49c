import { headerValues, OAuthError, readForm, type Form, type HttpFacts } from '#core';
import type { FastifyRequest } from 'fastify';
import { clientCertificate } from '../network/client-certificate.ts';
import { clientIp } from '../network/client-ip.ts';
import type { TrustedProxies } from '../network/trusted-proxies.ts';
import { EarlyRefusal } from './early-refusal.ts';

/**
 * Reads a form request by its raw bytes and raw headers: nothing has been joined, dropped or decoded before.
 *
 * Fails  EarlyRefusal with what `read` throws | request.wrong_media_type | request.too_large | request.malformed
 */
export function readPost<Request>(
  request: FastifyRequest,
  proxies: TrustedProxies,
  read: (form: Form, http: HttpFacts) => Request,
): Request {
  return readRawPost(request, proxies, ({ contentType, body }, http) =>
    read(readForm(contentType, body), http),
  );
}

/** A body as it came, and what its sender calls it. */
export interface RawPost {
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/**
 * As `readPost`, for a body that is no form.
 *
 * Fails  EarlyRefusal with what `read` throws | request.wrong_media_type
 */
export function readRawPost<Request>(
  request: FastifyRequest,
  proxies: TrustedProxies,
  read: (post: RawPost, http: HttpFacts) => Request,
): Request {
  try {
    const http = factsOf(request, proxies);
    // A compressed body has no use but to be larger than it looks.
    if (headerValues(http, 'content-encoding').length > 0) throw new OAuthError('request.wrong_media_type');
    const [contentType, another] = headerValues(http, 'content-type');
    if (another !== undefined) throw new OAuthError('request.wrong_media_type', 'two content types');
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    return read({ contentType, body }, http);
  } catch (thrown) {
    throw thrown instanceof OAuthError ? new EarlyRefusal(thrown) : thrown;
  }
}

function factsOf({ raw }: FastifyRequest, proxies: TrustedProxies): HttpFacts {
  const { rawHeaders, socket } = raw;
  const forwardedFor = (): readonly string[] => headerValues({ rawHeaders }, 'x-forwarded-for');
  return {
    rawHeaders,
    ip: clientIp(socket.remoteAddress, forwardedFor, proxies),
    clientCertificate: clientCertificate({ rawHeaders, socket }, proxies),
  };
}
