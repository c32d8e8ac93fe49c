import { randomUUID } from 'node:crypto';
import type { Caller, Claims } from './caller.ts';

/** Somebody whom no other test knows, at the deployment's identity provider. */
export class User {
  readonly sub = `user-${randomUUID()}`;

  constructor(private readonly caller: Caller) {}

  /** As security events and revocations name a subject. */
  get subjectId(): Claims {
    return { format: 'iss_sub', iss: this.caller.deployment.issuerServer.url, sub: this.sub };
  }

  idToken(claims: Claims = {}): string {
    return this.caller.deployment.issuerServer.idToken({ sub: this.sub, ...claims });
  }

  /** A token of one use for the refund of order 42. */
  token(): Promise<string> {
    return this.caller.token({ subject_token: this.idToken() });
  }
}
