import type { UriRules } from '../operation/target-uri.ts';
import type { DocumentReader } from './document-reader.ts';
import { readSvidIssuer, SVID_ISSUER_MEMBERS } from './read-svid-issuer.ts';
import type { PermittedWorkloads } from './registrations.ts';

const MAX_WORKLOADS = 16;
const MEMBERS = [...SVID_ISSUER_MEMBERS, 'as', 'algorithms', 'max_svid_seconds'];

/** Reads the `workloads` of a client: whose JWT-SVIDs it may present. What is wrong is noted in `document`. */
export function readWorkloads(document: DocumentReader, rules: UriRules): readonly PermittedWorkloads[] {
  const named = new Set<string>();
  return document.parts('workloads', MEMBERS, MAX_WORKLOADS).map((read) => {
    const workloads = {
      ...readSvidIssuer(read, rules),
      as: read.choice('as', ['subject', 'actor']),
      algorithms: read.algorithms(),
      maxSvidSeconds: read.wholeNumber('max_svid_seconds', { least: 60, most: 86_400, fallback: 3600 }),
    };
    const name = JSON.stringify([workloads.as, workloads.id]);
    if (named.has(name)) read.refuse('spiffe_id', 'must be there once as subject, and once as actor');
    named.add(name);
    return workloads;
  });
}
