import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  headerValues,
  OAuthError,
  retryAfter,
  sourceOf,
  toOAuthResponse,
  type FailingSources,
  type OAuthErrorResponse,
  type RefusalReason,
} from '#core';
import { clientIp } from '../network/client-ip.ts';
import type { TrustedProxies } from '../network/trusted-proxies.ts';
import { hasMoreToCome } from '../oauth/has-more-to-come.ts';
import type { JsonAnswer } from '../oauth/send-json.ts';
import type { ExactPaths } from '../routing/exact-paths.ts';
import type { Admission } from './admission.ts';

export type TurnedAway = 'overload' | 'source';

export interface DoorOptions {
  readonly paths: ExactPaths;
  readonly proxies: TrustedProxies;
  /** Routes that work is done for. The others, health among them, are always open. */
  readonly routes: ReadonlySet<string>;
  /** Routes that word their refusals otherwise than RFC 6749 does. */
  readonly wordings: Readonly<Record<string, (answer: OAuthErrorResponse) => JsonAnswer>>;
  readonly admission: Admission;
  readonly sources: FailingSources;
  /** Sources of callers who were told to wait, and the routes that this is a matter of; it counts whom it refuses. */
  readonly held: {
    readonly routes: ReadonlySet<string>;
    readonly sources: { readonly isEmpty: boolean; waitMs(source: string): number };
  };
  /** Hears of each request that is turned away. */
  readonly onTurnedAway: (why: TurnedAway) => void;
  /** From 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** Not all who are turned away may come back in the same second. */
const SPREAD_SECONDS = 3;

/** Who has a small quota may have to wait for any time. */
const MOST_PREPARED = 256;

/**
 * Where requests are turned away by their heads alone: no body is read, no framework is asked and nothing is written.
 * What this costs is what an overload costs.
 */
export class Door {
  /** Ready to be sent: by route, reason, and by when to come back. */
  private readonly prepared = new Map<string, JsonAnswer>();

  constructor(private readonly options: DoorOptions) {}

  /** May this request come in? Where not, it has been answered. */
  letsIn(request: IncomingMessage, response: ServerResponse): boolean {
    const { paths, routes } = this.options;
    const route = paths.routeOf(request.url ?? '');
    if (!routes.has(route)) return true;
    const answer = this.refusalOf(request, route);
    if (answer === null) return true;
    send({ request, response }, answer);
    return false;
  }

  /** For a request that was let in, and for which there is no place in time. */
  overloaded(route: string): JsonAnswer {
    const { onTurnedAway, random = Math.random } = this.options;
    onTurnedAway('overload');
    return this.answer(route, 'broker.overloaded', 1 + Math.floor(random() * SPREAD_SECONDS));
  }

  /** A request was refused before it was known whose it is. */
  failed(request: IncomingMessage): void {
    this.options.sources.failed(this.sourceOf(request));
  }

  private refusalOf(request: IncomingMessage, route: string): JsonAnswer | null {
    const { admission, sources, held } = this.options;
    const failingMs = sources.isEmpty ? 0 : sources.waitMs(this.sourceOf(request));
    if (failingMs > 0) {
      this.options.onTurnedAway('source');
      return this.answer(route, 'quota.source', retryAfter(failingMs));
    }
    const mayBeHeld = !held.sources.isEmpty && held.routes.has(route);
    const heldMs = mayBeHeld ? held.sources.waitMs(this.sourceOf(request)) : 0;
    if (heldMs > 0) return this.answer(route, 'quota.exceeded', retryAfter(heldMs));
    return admission.isOpen ? null : this.overloaded(route);
  }

  private answer(route: string, reason: RefusalReason, retryAfterSeconds: number): JsonAnswer {
    const key = `${retryAfterSeconds} ${reason} ${route}`;
    const known = this.prepared.get(key);
    if (known !== undefined) return known;
    const { body, ...worded } = this.worded(route, new OAuthError(reason, null, { retryAfterSeconds }));
    const answer = { body: typeof body === 'string' ? body : JSON.stringify(body), ...worded };
    if (this.prepared.size < MOST_PREPARED) this.prepared.set(key, answer);
    return answer;
  }

  private worded(route: string, refusal: OAuthError): JsonAnswer {
    const answer = toOAuthResponse(refusal);
    return this.options.wordings[route]?.(answer) ?? answer;
  }

  private sourceOf({ rawHeaders, socket }: IncomingMessage): string {
    const forwardedFor = (): readonly string[] => headerValues({ rawHeaders }, 'x-forwarded-for');
    return sourceOf(clientIp(socket.remoteAddress, forwardedFor, this.options.proxies));
  }
}

function send(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { status, body, headers }: JsonAnswer,
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
    ...(hasMoreToCome(request) ? { Connection: 'close' } : {}),
  });
  response.end(text);
}
