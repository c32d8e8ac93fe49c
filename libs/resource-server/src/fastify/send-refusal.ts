import type { Refusal } from '../decision.ts';
import type { FastifyReplyShape } from './fastify-shapes.ts';

export function sendRefusal(reply: FastifyReplyShape, { status, headers, body }: Refusal): void {
  reply
    .code(status)
    .headers({ ...headers, 'content-type': 'application/json; charset=utf-8' })
    .send(JSON.stringify(body));
}
