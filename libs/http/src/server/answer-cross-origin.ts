import { headerValues } from '#core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExactPaths } from '../routing/exact-paths.ts';

/** What pages of other origins may ask and read; everything else a browser keeps from them. */
export interface CrossOrigin {
  readonly routes: ReadonlySet<string>;
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
  /** `origin`: as the browser sent it. */
  readonly isAllowed: (origin: string) => boolean;
}

const PREFLIGHT_SECONDS = 600;

/**
 * The CORS protocol, for origins that are registered: the origin itself, never `*`, and no credentials of the browser.
 * Whoever else asks gets the answer that they would have got without it.
 *
 * Spec   Fetch Standard, CORS protocol
 */
export function answerCrossOrigin(
  paths: ExactPaths,
  { routes, requestHeaders, responseHeaders, isAllowed }: CrossOrigin,
): (request: FastifyRequest, reply: FastifyReply, done: () => void) => void {
  return ({ url, raw: { method, rawHeaders } }, reply, done) => {
    if (!routes.has(url)) return done();
    // What is kept for one origin is not for another, nor for none.
    void reply.header('Vary', 'Origin');
    const [origin, another] = headerValues({ rawHeaders }, 'origin');
    if (origin === undefined || another !== undefined || !isAllowed(origin)) return done();
    void reply.header('Access-Control-Allow-Origin', origin);

    const [asked] = headerValues({ rawHeaders }, 'access-control-request-method');
    const methods = paths.served(url)?.methods ?? [];
    if (method !== 'OPTIONS' || asked === undefined || !methods.includes(asked)) {
      void reply.header('Access-Control-Expose-Headers', responseHeaders.join(', '));
      return done();
    }
    void reply
      .code(204)
      .headers({
        'Access-Control-Allow-Methods': methods.join(', '),
        'Access-Control-Allow-Headers': requestHeaders.join(', '),
        'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
      })
      .send();
  };
}
