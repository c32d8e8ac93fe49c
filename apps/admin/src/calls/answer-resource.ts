import type { KeptAnswer } from '#core';
import { sendJson } from '#http';
import type { FastifyReply } from 'fastify';
import { fieldsOf } from './header-values.ts';

export interface ResourceAnswer {
  /** Default 200; 204 has no body. */
  readonly status?: number;
  readonly body: object | null;
  /** Becomes the strong ETag. */
  readonly version?: string;
  /** Path of what was made. */
  readonly location?: string;
}

/** An answer as it is sent, and kept for a request that comes again. */
export function keptAnswer({ status = 200, body, version, location }: ResourceAnswer): KeptAnswer {
  return {
    status,
    headers: {
      ...(version === undefined ? {} : { ETag: `"${version}"` }),
      ...(location === undefined ? {} : { Location: location }),
    },
    body: body === null ? '' : JSON.stringify(body),
  };
}

export function sendAnswer(reply: FastifyReply, { status, headers, body }: KeptAnswer): void {
  if (status === 204) {
    void reply
      .code(204)
      .headers({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...headers });
    void reply.send();
  } else {
    sendJson(reply, { status, body, headers });
  }
}

/** Answers a read. Whoever has this version already hears so (RFC 9110 §13.1.2). */
export function answerResource(reply: FastifyReply, answer: ResourceAnswer): void {
  const { version } = answer;
  const kept = keptAnswer(answer);
  if (version === undefined || reply.request.method !== 'GET' || !isKnown(reply, version)) {
    return sendAnswer(reply, kept);
  }
  void reply.code(304).headers({ ...kept.headers, 'Cache-Control': 'no-store' });
  void reply.send();
}

/** Weak comparison; `*` means any version that there is. */
function isKnown({ request }: FastifyReply, version: string): boolean {
  return fieldsOf(request, 'if-none-match')
    .flatMap((field) => field.split(','))
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || one === `"${version}"`);
}
