import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendJson, type JsonAnswer } from '../oauth/send-json.ts';
import type { Admission } from './admission.ts';

export interface KeepPlacesOptions {
  readonly routes: ReadonlySet<string>;
  readonly admission: Admission;
  /** The answer of a route for whom there is no place in time. */
  readonly overloaded: (route: string) => JsonAnswer;
}

/** Longer than any request is worked on. */
const LONGEST_WORK_MS = 10_000;

/**
 * Gives each request of these routes a place when its body is there, so that nobody holds one by sending slowly, and
 * takes it back when the answer is ready: a client that hangs up does not end the work on what it asked for, and would
 * otherwise have more done at a time than anybody is to have.
 */
export function keepPlaces(
  fastify: FastifyInstance,
  { routes, admission, overloaded }: KeepPlacesOptions,
): void {
  const working = new WeakSet<FastifyRequest>();
  const leave = (request: FastifyRequest): void => {
    if (working.delete(request)) admission.leave();
  };
  fastify.addHook('preHandler', (request: FastifyRequest, reply: FastifyReply, done) => {
    if (!routes.has(request.url)) return done();
    admission.enter({
      begin: () => {
        if (request.raw.socket.destroyed) return admission.leave();
        working.add(request);
        done();
      },
      refuse: () => sendJson(reply, overloaded(request.url)),
    });
  });
  fastify.addHook('onSend', async (request: FastifyRequest) => leave(request));
  fastify.addHook('onResponse', (request: FastifyRequest, _reply, done) => {
    if (working.has(request)) setTimeout(() => leave(request), LONGEST_WORK_MS).unref();
    done();
  });
}
