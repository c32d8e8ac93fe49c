import { certificateOf } from '../client-certificate.ts';
import { rememberGrant } from '../grant-of.ts';
import type { Guard } from '../guard-with.ts';
import { mayHaveContent } from '../may-have-content.ts';
import { MAX_BODY_BYTES } from '../read-raw-body.ts';
import { refuse } from '../refuse.ts';
import { metadataAnswer } from '../resource-metadata.ts';
import { respond } from './respond.ts';
import { takeAndPutBack } from './take-and-put-back.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is used of Express, by shape: this package does not depend on it. Connect and its kin have the same. */
export interface ExpressRequestShape extends IncomingMessage {
  /** As the caller spelled it, whatever mounting and rewriting made of `url`. */
  readonly originalUrl?: string;
}

export interface OncekeyExpressOptions<Request extends ExpressRequestShape = ExpressRequestShape> {
  readonly guard: Guard;
  /** Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** The catalog operation that the route carries out, where the middleware is on a route. */
  readonly operation?: string;
  /** Requests that need no token. Default: none but the one for the resource metadata. */
  readonly isOpen?: (request: Request) => boolean;
}

/**
 * Middleware for Express: before all body parsers, for the whole application (`app.use`) or on a route, and once
 * for each request, because it spends the token. Handlers find what was permitted with `grantOf(request)`.
 */
export function oncekeyExpress<Request extends ExpressRequestShape = ExpressRequestShape>(
  options: OncekeyExpressOptions<Request>,
): (request: Request, response: ServerResponse, next: (failure?: unknown) => void) => void {
  return (request, response, next) => {
    if (options.isOpen?.(request) === true) return next();
    admit(options, request, response).then((isAdmitted) => {
      if (isAdmitted) next();
    }, next);
  };
}

/** False when the request was refused, or served the metadata, and that has been said. */
async function admit<Request extends ExpressRequestShape>(
  { guard, maxBodyBytes = MAX_BODY_BYTES, operation }: OncekeyExpressOptions<Request>,
  request: Request,
  response: ServerResponse,
): Promise<boolean> {
  const { method = '', url = '', originalUrl: rawUrl = url, rawHeaders } = request;
  const open = metadataAnswer(guard.metadata, { method, rawUrl });
  if (open !== null) {
    respond(response, open);
    return false;
  }
  const rawBody = mayHaveContent(request) ? await takeAndPutBack(request, maxBodyBytes) : Buffer.alloc(0);
  if (rawBody === null) {
    respond(response, refuse('body_too_large'));
    return false;
  }
  const clientCertificate = certificateOf(request.socket);
  const decision = await guard.check({
    method,
    rawUrl,
    rawHeaders,
    rawBody,
    clientCertificate,
    operation,
  });
  if (decision.granted) {
    rememberGrant(request, decision.grant);
    return true;
  }
  respond(response, decision.refusal);
  return false;
}
