import { randomUUID } from 'node:crypto';
import type { Answer, Caller, Claims } from './caller.ts';
import { signJwt } from './signing-key.ts';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

/** The claims of an event of the deployment's identity provider: all sessions of a subject are over. */
export function eventClaims({ deployment }: Caller, subjectId: Claims, claims: Claims = {}): Claims {
  return {
    iss: deployment.issuerServer.url,
    aud: deployment.issuer,
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    sub_id: subjectId,
    events: { [SESSION_REVOKED]: {} },
    ...claims,
  };
}

/** A security event token (RFC 8417), by the key of the identity provider unless another one is given. */
export function signEvent(
  { deployment }: Caller,
  claims: Claims,
  {
    header = {},
    key = deployment.issuerServer.key,
  }: { header?: Claims | undefined; key?: typeof deployment.issuerServer.key } = {},
): string {
  return signJwt({ typ: 'secevent+jwt', kid: key.kid, ...header }, claims, key);
}

/** Pushes it (RFC 8935 §2.1). */
export function pushEvent(
  caller: Caller,
  event: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return caller.send('/ssf/events', event, { 'content-type': 'application/secevent+jwt', ...headers });
}
