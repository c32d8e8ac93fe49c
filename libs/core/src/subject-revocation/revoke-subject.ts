import { audited } from '../audit/audited.ts';
import type { SecurityEventPorts } from '../security-event/security-event.ports.ts';
import { authenticateProvider } from './steps/authenticate-provider.ts';
import { nameSubject } from './steps/name-subject.ts';
import { recordSubjectRevocation } from './steps/record-subject-revocation.ts';
import type { SubjectRevocationRequest } from './subject-revocation-request.ts';

export type RevokeSubject = (request: SubjectRevocationRequest) => Promise<void>;

/**
 * Takes back all that a user has, at the word of his identity provider. When the promise resolves his tokens are dead,
 * and he has to sign in again for new ones.
 *
 * Fails  OAuthError `revocation.*`; Unavailable when something did not answer
 */
export function revokeSubject(ports: SecurityEventPorts): RevokeSubject {
  return (request) =>
    audited(ports, 'subject.revoke', async (trail) => {
      const caller = await authenticateProvider(ports, request.authorizations);
      trail.saw({ callerId: caller.provider.id }, caller.claim);

      const named = nameSubject(request.subject, caller);
      trail.saw({ cutOff: named.name });

      await recordSubjectRevocation(ports, named, { ...caller, trail });
    });
}
