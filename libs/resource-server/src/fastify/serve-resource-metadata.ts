import type { Guard } from '../guard-with.ts';
import { metadataAnswer } from '../resource-metadata.ts';
import type { FastifyInstanceShape } from './fastify-shapes.ts';

/** Serves the resource metadata of a guard where `oncekeyFastify` is not used, as with Nest (RFC 9728 §3). */
export function serveResourceMetadata(instance: FastifyInstanceShape, guard: Pick<Guard, 'metadata'>): void {
  instance.addHook('preParsing', (...[{ raw, originalUrl }, reply, , done]) => {
    const open = metadataAnswer(guard.metadata, { method: raw.method, rawUrl: originalUrl });
    if (open === null) return done();
    reply
      .code(open.status)
      .headers({ ...open.headers })
      .send(open.body);
  });
}
