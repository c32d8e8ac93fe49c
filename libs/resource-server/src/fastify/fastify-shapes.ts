import type { Readable } from 'node:stream';

/** What is used of Fastify, by shape: this package does not depend on it. */

interface RawRequestShape extends Readable {
  readonly rawHeaders: string[];
  /** Node's; asked for the client's certificate where it is one of TLS. */
  readonly socket?: unknown;
  readonly httpVersionMajor: number;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

export interface FastifyRequestShape {
  readonly raw: RawRequestShape;
  /** As the caller spelled it, whatever `rewriteUrl` made of it. */
  readonly originalUrl: string;
  readonly routeOptions: { readonly config: object; readonly bodyLimit?: number | undefined };
  readonly log: { error(facts: object, message: string): void };
}

export interface FastifyReplyShape {
  code(status: number): FastifyReplyShape;
  headers(values: Record<string, string>): FastifyReplyShape;
  send(payload: unknown): unknown;
}

type PreParsingDone = (failure?: Error | null, payload?: Readable) => void;

/** The arguments of a `preParsing` hook in callback style. */
type PreParsing = [
  request: FastifyRequestShape,
  reply: FastifyReplyShape,
  payload: Readable,
  done: PreParsingDone,
];

export interface FastifyInstanceShape {
  addHook(name: 'preParsing', hook: (...hooked: PreParsing) => void): unknown;
}
