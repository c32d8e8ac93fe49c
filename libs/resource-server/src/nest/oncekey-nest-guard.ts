import { certificateOf } from '../client-certificate.ts';
import type { Refusal } from '../decision.ts';
import { rawBodyOf } from '../fastify/capture-raw-body.ts';
import type { FastifyReplyShape, FastifyRequestShape } from '../fastify/fastify-shapes.ts';
import { rememberGrant } from '../grant-of.ts';
import type { Guard } from '../guard-with.ts';
import { operationOfHandler } from './operation.ts';
import { RequestRefused } from './request-refused.ts';

/** What is used of Nest's `ExecutionContext`, by shape: this package does not depend on Nest. */
export interface HttpContextShape {
  getHandler(): object;
  switchToHttp(): { getRequest<Request>(): Request; getResponse<Response>(): Response };
}

export interface OncekeyNestGuardOptions<Context extends HttpContextShape = HttpContextShape> {
  /** Routes that need no token, for instance by a decorator of your own. Default: none. */
  readonly isOpen?: (context: Context) => boolean;
  /** The catalog operation that a route carries out. Default: what `@Operation` says, and any where it says nothing. */
  readonly operationOf?: (context: Context) => string | undefined;
  /**
   * What is thrown for a refusal; its headers are already on the reply. Give
   * `({ body, status }) => new HttpException(body, status)` to have your exception filters see one of Nest's own.
   * Default: `RequestRefused`, which Nest renders with its status.
   */
  readonly toException?: (refusal: Refusal) => Error;
}

/**
 * Nest guard for `@nestjs/platform-fastify`: use it globally (`app.useGlobalGuards`) or per controller
 * (`@UseGuards`). Call `captureRawBody(app.getHttpAdapter().getInstance())` before the application listens, because
 * Nest runs guards after parsing, and `serveResourceMetadata` beside it. Handlers find what was permitted with `grantOf(request)`.
 */
export class OncekeyNestGuard<Context extends HttpContextShape = HttpContextShape> {
  constructor(
    private readonly guard: Guard,
    private readonly options: OncekeyNestGuardOptions<Context> = {},
  ) {}

  /** Fails  what `toException` makes of a refusal; Error when the content was not captured */
  async canActivate(context: Context): Promise<true> {
    if (this.options.isOpen?.(context) === true) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequestShape>();
    const { raw, originalUrl } = request;
    const decision = await this.guard.check({
      method: raw.method ?? '',
      rawUrl: originalUrl,
      rawHeaders: raw.rawHeaders,
      rawBody: rawBodyOf(request),
      clientCertificate: certificateOf(raw.socket),
      operation: this.operationOf(context),
    });
    if (decision.granted) {
      rememberGrant(request, decision.grant);
      return true;
    }
    const { refusal } = decision;
    if (refusal.cause !== null) request.log.error({ err: refusal.cause }, 'a token could not be checked');
    http.getResponse<FastifyReplyShape>().headers({ ...refusal.headers });
    throw this.options.toException?.(refusal) ?? new RequestRefused(refusal);
  }

  private operationOf(context: Context): string | undefined {
    const { operationOf } = this.options;
    return operationOf === undefined ? operationOfHandler(context.getHandler()) : operationOf(context);
  }
}
