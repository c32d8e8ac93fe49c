import { readName } from '../jwt/claims.ts';
import type { DocumentProblem } from '../registry/documents.ts';
import {
  isTrustDomainIssuer,
  readSpiffeId,
  readTrustDomain,
  trustDomainIssuer,
} from '../registry/spiffe-id.ts';
import { cutOffName, type CutOffName } from './cut-off.ts';

/** What an admin takes back: one subject of an issuer, or, where none is named, all workloads that it vouches for. */
export interface RevokedName {
  readonly issuer: string;
  readonly subject: string | null;
}

/**
 * All that falls with a name. A workload may be a subject, act for others and authenticate a client, and is revoked as
 * each of them. The users of an identity provider are not revoked by its name alone.
 */
export function cutOffsOf({ issuer, subject }: RevokedName): readonly CutOffName[] {
  if (subject !== null) {
    return (['subject', 'workload'] as const).map((kind) => cutOffName(kind, { issuer, name: subject }));
  }
  const vouching: CutOffName = { kind: 'workload_issuer', id: issuer };
  return isTrustDomainIssuer(issuer) ? [{ kind: 'identity_provider', id: issuer }, vouching] : [vouching];
}

/** Why nobody can be called so, and would be revoked in vain; null: somebody may be. */
export function problemOfName({ issuer, subject }: RevokedName): DocumentProblem | null {
  if (isTrustDomainIssuer(issuer)) return problemOfWorkload(issuer, subject);
  if (!/^https?:\/\/[!-{}~]+$/.test(issuer)) {
    return { pointer: '#/issuer', message: 'is neither a URL nor spiffe:// and a trust domain' };
  }
  return subject === null ||
    (readName(subject, MAX_SUBJECT_CHARS) !== null && !/\p{Surrogate}/u.test(subject))
    ? null
    : { pointer: '#/subject', message: 'is no name that a token can have' };
}

/** As long as the longest SPIFFE ID. */
const MAX_SUBJECT_CHARS = 2048;

/** Spec  SPIFFE-ID §2 */
function problemOfWorkload(issuer: string, subject: string | null): DocumentProblem | null {
  if (readTrustDomain(issuer) === null) {
    return {
      pointer: '#/issuer',
      message: 'is not spiffe:// and a trust domain in lower case, without a path',
    };
  }
  const id = subject === null ? null : readSpiffeId(subject);
  return subject === null || (id !== null && trustDomainIssuer(id.trustDomain) === issuer)
    ? null
    : { pointer: '#/subject', message: 'is not a SPIFFE ID of this trust domain' };
}
