import { ADMIN_API_ID, AdminProblem, Unavailable, type AdminCaller } from '#core';
import { clientIp, TrustedProxies } from '#http';
import type { Grant, Refusal } from '#resource-server';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADMIN_STORE, TOKEN_GUARD, type AdminStore, type TokenGuard } from '../ports.ts';
import { rememberCaller } from './caller.ts';
import { OPEN } from './open.ts';
import { keepRawBody, readBody } from './read-body.ts';

const CHALLENGE = 'DPoP algs="ES256 PS256 EdDSA"';

const NO_PROXIES = new TrustedProxies([]);

/**
 * Each call brings a token for exactly this request, and spends it here. Who calls, and with which question the token
 * was earned, is what the audit log says of the decision: nothing of it comes from the caller.
 */
@Injectable()
export class AdminCallGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(TOKEN_GUARD) private readonly tokens: TokenGuard,
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
  ) {}

  /** Fails  admin.unauthorized | Unavailable | what `readBody` fails with */
  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const bytes = keepRawBody(request);
    const isOpen = this.reflector.getAllAndOverride<boolean | undefined>(OPEN, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isOpen !== true) {
      const grant = await this.spend(request, http.getResponse<FastifyReply>(), bytes);
      rememberCaller(request, await this.callerOf(grant, request));
    }
    request.body = readBody(request, bytes);
    return true;
  }

  private async spend(request: FastifyRequest, reply: FastifyReply, bytes: Buffer): Promise<Grant> {
    const { raw, originalUrl } = request;
    const decision = await this.tokens.check({
      method: raw.method ?? '',
      rawUrl: originalUrl,
      rawHeaders: raw.rawHeaders,
      rawBody: bytes,
    });
    if (decision.granted) return decision.grant;
    throw problemOf(decision.refusal, reply);
  }

  private async callerOf(grant: Grant, { raw }: FastifyRequest): Promise<AdminCaller> {
    const { subject, subjectIssuer, clientId, transactionId } = grant;
    const question = (await this.store.decisionOf(transactionId))?.question;
    if (question === undefined) throw new Unavailable('the decision of this call is not on record');
    const { principal, resource } = question;
    if (resource !== ADMIN_API_ID || principal.subject !== subject || principal.issuer !== subjectIssuer) {
      throw new Unavailable('the decision on record is not the one of this call');
    }
    return {
      issuer: subjectIssuer,
      subject,
      clientId,
      txn: transactionId,
      ip: clientIp(raw.socket.remoteAddress, () => [], NO_PROXIES),
      question,
    };
  }
}

/** Whatever is no token for this request is 401; not being able to tell is 503. */
function problemOf({ status, headers, body, cause }: Refusal, reply: FastifyReply): Error {
  if (status === 503) return new Unavailable('the token could not be checked', cause);
  void reply.headers({ 'www-authenticate': CHALLENGE, ...headers });
  return new AdminProblem('admin.unauthorized', [{ detail: body.error_description }]);
}
