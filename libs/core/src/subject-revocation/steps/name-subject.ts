import { OAuthError } from '../../errors/oauth-error.ts';
import type { CutOffName } from '../../revocation/cut-off.ts';
import { readEventSubject } from '../../security-event/event-subject.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { AuthenticatedProvider } from './authenticate-provider.ts';

export type NamedSubject = Evidence<'NamedSubject', { name: CutOffName }>;

/**
 * Finds out whose tokens are meant: a user of the provider that calls. Nobody keeps a list of users here, and one who
 * has never been seen may hold an ID token all the same: he is revoked too.
 *
 * In     subject   `sub_id`
 *        provider  evidence from `authenticateProvider`
 * Out    NamedSubject
 * Fails  revocation.bad_subject | revocation.unknown_subject | revocation.unprocessable
 * Spec   draft-parecki-oauth-global-token-revocation §2.1; RFC 9493 §3.2
 */
export function nameSubject(subject: unknown, { provider }: AuthenticatedProvider): NamedSubject {
  const read = readEventSubject(subject, provider.issuer);
  if (read === null) throw new OAuthError('revocation.bad_subject');
  if (read.isForeign) throw new OAuthError('revocation.unknown_subject');
  if (read.user === null) throw new OAuthError('revocation.unprocessable');
  return attest<NamedSubject>({ name: read.user });
}
