import { AdminProblem } from '../errors/admin-problem.ts';
import { untested } from '../policy/policy-coverage.ts';
import { diffReleases, isEmptyDiff } from '../policy/release-diff.ts';
import type { LiveRelease, PolicyProblem, ReleaseDocument } from '../policy/release.ts';
import { runPolicyTests } from '../policy/run-policy-tests.ts';
import type { FullRelease, StoredDraft } from './stored.ts';
import { ADMIN_RIGHTS } from './admin-catalog.ts';
import { changesGuarded } from './guarded-policies.ts';
import { detailsOfPolicies, detailsOfTests, detailsOfUntested } from './problem-details.ts';
import type { AdminRight } from './right-question.ts';

/** What has to be asked of others before a release goes live. */
export interface PublishPorts {
  compile(
    document: ReleaseDocument,
  ): { readonly release: LiveRelease } | { readonly problems: readonly PolicyProblem[] };
  touchesAdmin(cedar: string): boolean;
  readonly rights: {
    has(right: AdminRight): Promise<boolean>;
    /** Fails  AdminProblem admin.forbidden */
    demand(right: AdminRight): Promise<void>;
  };
  /** Would somebody still be able to administer, were this release live? */
  keepsAdministration(candidate: LiveRelease): boolean;
}

/** What the caller wants to go live, and what they take to be live. */
export interface Publication {
  readonly live: FullRelease | null;
  /** The live release's number as the caller knows it, 0 for none. */
  readonly ifLive: number;
  /** `issuer|subject` */
  readonly publisher: string;
}

/**
 * Everything that a draft has to pass before it goes live, in this order; each check refuses in its own way.
 *
 * In     publication  read under locks, so that what was checked is what goes live
 *        draft        what would be published
 * Out    the compiled release
 * Fails  admin.precondition_failed | admin.nothing_to_publish | admin.invalid | admin.tests_fail | admin.untested
 *        | admin.forbidden | admin.same_author | admin.lockout
 * Spec   docs/administration.md, releases
 */
export async function approvePublication(
  ports: PublishPorts,
  publication: Publication,
  draft: Pick<StoredDraft, 'document' | 'authors'>,
): Promise<LiveRelease> {
  demandLive(publication);
  demandChange(publication, draft.document);
  const release = compiled(ports, draft.document);
  await demandTests(ports, release, draft.document);
  await demandGuard(ports, publication, draft.document);
  await demandTwo(ports, publication, draft);
  demandAdministration(ports, release);
  return release;
}

/**
 * As `approvePublication`, for the content of an earlier release. It was tested and seen by others when it was
 * published, and whoever rolls back is in a hurry: that is not asked for again.
 *
 * Fails  admin.precondition_failed | admin.nothing_to_publish | admin.invalid | admin.forbidden | admin.lockout
 */
export async function approveRollback(
  ports: PublishPorts,
  publication: Publication,
  document: ReleaseDocument,
): Promise<LiveRelease> {
  demandLive(publication);
  demandChange(publication, document);
  const release = compiled(ports, document);
  await demandGuard(ports, publication, document);
  demandAdministration(ports, release);
  return release;
}

function demandLive({ live, ifLive }: Publication): void {
  if ((live?.number ?? 0) !== ifLive) throw new AdminProblem('admin.precondition_failed');
}

function demandChange({ live }: Publication, document: ReleaseDocument): void {
  if (isEmptyDiff(diffReleases(live?.document ?? null, document)))
    throw new AdminProblem('admin.nothing_to_publish');
}

function compiled(ports: PublishPorts, document: ReleaseDocument): LiveRelease {
  const read = ports.compile(document);
  if ('problems' in read) throw new AdminProblem('admin.invalid', detailsOfPolicies(read.problems));
  return read.release;
}

async function demandTests(
  { rights }: PublishPorts,
  release: LiveRelease,
  { tests = [] }: ReleaseDocument,
): Promise<void> {
  const report = runPolicyTests(release, tests);
  const lacking = untested(report);
  if (report.passed && lacking.length === 0) return;
  if (await rights.has(ADMIN_RIGHTS.publishUntested)) return;
  throw report.passed
    ? new AdminProblem('admin.untested', detailsOfUntested(lacking))
    : new AdminProblem('admin.tests_fail', detailsOfTests(report));
}

async function demandGuard(
  ports: PublishPorts,
  { live }: Publication,
  document: ReleaseDocument,
): Promise<void> {
  const touches = (cedar: string): boolean => ports.touchesAdmin(cedar);
  if (changesGuarded(live?.document ?? null, document, touches))
    await ports.rights.demand(ADMIN_RIGHTS.guard);
}

async function demandTwo(
  { rights }: PublishPorts,
  { publisher }: Publication,
  { authors }: Pick<StoredDraft, 'authors'>,
): Promise<void> {
  if (!authors.includes(publisher) || (await rights.has(ADMIN_RIGHTS.publishOwn))) return;
  throw new AdminProblem('admin.same_author');
}

function demandAdministration(ports: PublishPorts, release: LiveRelease): void {
  if (!ports.keepsAdministration(release)) throw new AdminProblem('admin.lockout');
}
