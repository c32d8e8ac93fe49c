import { certificateOf } from '../client-certificate.ts';
import type { Guard } from '../guard-with.ts';
import { rememberGrant } from '../grant-of.ts';
import { isJsonObject } from '../read-json-object.ts';
import { metadataAnswer } from '../resource-metadata.ts';
import { takeRawBody } from './capture-raw-body.ts';
import type { FastifyInstanceShape, FastifyReplyShape, FastifyRequestShape } from './fastify-shapes.ts';
import { sendRefusal } from './send-refusal.ts';
import type { Readable } from 'node:stream';

export interface OncekeyFastifyOptions {
  readonly guard: Guard;
}

/**
 * Fastify plugin: every route of the scope it is registered in, and of the scopes below, wants a one-time token.
 * A route with `config: { oncekey: false }` is open; with `config: { oncekey: { operation: 'orders.refund' } }` it
 * wants a token that was judged as that operation. The resource metadata is served beside them. Handlers find what was permitted with `grantOf(request)`.
 *
 * The token is spent before the body is parsed, so that nothing of an unknown caller's request is looked into; a
 * request that then turns out to be invalid has cost its token. Register it before plugins that unpack bodies.
 */
export function oncekeyFastify(
  instance: FastifyInstanceShape,
  { guard }: OncekeyFastifyOptions,
  done: (failure?: Error) => void,
): void {
  instance.addHook('preParsing', (...[request, reply, payload, proceed]) => {
    if (isOpen(request)) return proceed();
    // A refused request ends here because `proceed` is not called: Fastify's own check whether an answer was sent
    // says no while slow `onSend` hooks are still at work on it.
    admit(guard, { request, reply, payload }).then(
      (admitted) => admitted !== null && proceed(null, admitted),
      (failure: Error) => proceed(failure),
    );
  });
  done();
}

/** Fastify's mark for plugins that belong to the scope they are registered in, instead of one of their own. */
Object.assign(oncekeyFastify, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'oncekey',
});

interface Arrival {
  readonly request: FastifyRequestShape;
  readonly reply: FastifyReplyShape;
  readonly payload: Readable;
}

/** The content to parse, or null when the request was refused and that has been said. */
async function admit(guard: Guard, { request, reply, payload }: Arrival): Promise<Readable | null> {
  const { raw, originalUrl } = request;
  const open = metadataAnswer(guard.metadata, { method: raw.method, rawUrl: originalUrl });
  if (open !== null) {
    reply
      .code(open.status)
      .headers({ ...open.headers })
      .send(open.body);
    return null;
  }
  const taken = await takeRawBody(request, reply, payload);
  if (taken === null) return null;
  const decision = await guard.check({
    method: raw.method ?? '',
    rawUrl: originalUrl,
    rawHeaders: raw.rawHeaders,
    rawBody: taken.bytes,
    clientCertificate: certificateOf(raw.socket),
    operation: operationOf(request),
  });
  if (decision.granted) {
    rememberGrant(request, decision.grant);
    return taken.payload;
  }
  const { refusal } = decision;
  if (refusal.cause !== null) request.log.error({ err: refusal.cause }, 'a token could not be checked');
  sendRefusal(reply, refusal);
  return null;
}

function isOpen({ routeOptions: { config } }: FastifyRequestShape): boolean {
  return 'oncekey' in config && config.oncekey === false;
}

function operationOf({ routeOptions: { config } }: FastifyRequestShape): string | undefined {
  if (!('oncekey' in config) || !isJsonObject(config.oncekey)) return undefined;
  const { operation } = config.oncekey;
  if (operation === undefined || typeof operation === 'string') return operation;
  throw new TypeError('config.oncekey.operation is not the id of an operation');
}
