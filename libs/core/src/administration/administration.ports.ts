import type { AuditEvent } from '../audit/audit-event.ts';
import type { StoredDeferral } from '../deferral/deferral.ts';
import type { RecordedDecision } from '../policy/replay.ts';
import type { ReleaseDocument } from '../policy/release.ts';
import type { CutOffChange } from '../revocation/cut-off.ts';
import type { RevokedName } from '../revocation/revoked-name.ts';
import type { EpochMs } from '../shared/clock.ts';
import type { JsonObject } from '../shared/strict-json.ts';
import type { AdminAct, AdminCaller } from './admin-act.ts';
import type { RoleBinding } from './roles.ts';
import type {
  AuditFilter,
  EnrolmentPurpose,
  FullRelease,
  ListQuery,
  Page,
  PostureReport,
  ReleaseHead,
  ResourceKind,
  Shadow,
  ShadowReport,
  StoredDraft,
  StoredEventPoll,
  StoredPosture,
  StoredResource,
  StoredRevocation,
  Usage,
} from './stored.ts';

/** What somebody says of a request that waits. */
export type ApprovalDecision =
  { readonly is: 'approve'; readonly groups: readonly string[] } | { readonly is: 'deny' };

/** Which of the requests that wait somebody may decide. */
export interface ApprovalQuery extends Pick<ListQuery, 'limit' | 'after'> {
  /** Those that one of these groups has still to approve. */
  readonly groups: readonly string[];
  /** Who did not ask for them. */
  readonly by: { readonly issuer: string; readonly subject: string };
}

/** What an enrolment writes, all of it or nothing. */
export interface EnrolmentWrite {
  readonly codeHash: Buffer;
  readonly identityProvider: JsonObject | null;
  readonly client: JsonObject;
  readonly bindings: readonly RoleBinding[];
  /** Published when the live release has no policies over the admin API; null: it has. */
  readonly release: { readonly document: ReleaseDocument; readonly ifLive: number | null } | null;
  readonly event: AuditEvent;
}

/**
 * The changes of one admin call, inside its transaction.
 *
 * Each fails with VersionMoved | NoSuchResource | ResourceConflict | Unavailable, and then nothing has changed.
 */
export interface AdminTransaction {
  create(
    kind: ResourceKind,
    resource: { id: string; document: JsonObject; enabled: boolean },
  ): Promise<StoredResource>;
  replace(
    kind: ResourceKind,
    resource: { id: string; document: JsonObject; enabled: boolean },
    ifVersion: string,
  ): Promise<StoredResource>;
  remove(kind: ResourceKind, id: string, ifVersion: string): Promise<void>;
  /** The draft as it is now, locked against other changes until the transaction ends. */
  lockDraft(): Promise<StoredDraft>;
  replaceDraft(document: ReleaseDocument, ifVersion: string): Promise<StoredDraft>;
  /** The live release, locked against other publications until the transaction ends. */
  lockLive(): Promise<FullRelease | null>;
  /** Stores a release and makes it live. After `lockLive`. `settles`: the draft is the same as this release now. */
  publish(release: {
    document: ReleaseDocument;
    message: string;
    rollbackOf: number | null;
    settlesDraft: boolean;
  }): Promise<ReleaseHead>;
  roleBindings(): Promise<readonly RoleBinding[]>;
  /**
   * A whole report of a device, in the caller's name, in place of the one before. One that is not compliant is frozen.
   *
   * Fails  NoSuchResource
   */
  reportPosture(device: string, report: PostureReport): Promise<StoredPosture>;
  /**
   * Cuts a name off, up to now or until it is lifted, or lifts that. From the commit on no token that stands on it is
   * honoured. All admins are one source: what one has blocked another may lift.
   *
   * Fails  NoSuchResource when there is nothing to lift
   */
  revoke(name: RevokedName, change: CutOffChange['is']): Promise<StoredRevocation>;
  /**
   * Approves for these groups, or denies, in the caller's name. Null: it is not open for that (any more), and stays as
   * it is. Of any number of concurrent decisions that would end it one is heard.
   */
  decideApproval(id: string, decision: ApprovalDecision): Promise<StoredDeferral | null>;
  startShadow(document: ReleaseDocument): Promise<Shadow>;
  /** Fails  NoSuchResource when none runs */
  stopShadow(): Promise<void>;
}

/** What an idempotent POST answered, to be answered again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface IdempotentRequest {
  readonly key: string;
  /** SHA-256 of method, path and body. */
  readonly fingerprint: Buffer;
}

export interface AdminChange<Outcome> {
  readonly caller: AdminCaller;
  /** Null: no key was sent, and a repeat is another request. */
  readonly idempotency: IdempotentRequest | null;
  /** Does the work. Nothing of it stays when it throws. */
  work(transaction: AdminTransaction): Promise<{
    readonly outcome: Outcome;
    readonly acts: readonly AdminAct[];
    /** Kept with the key, when there is one. */
    readonly answer: KeptAnswer;
  }>;
}

export type ChangeResult<Outcome> =
  | { readonly done: Outcome }
  /** The same request was done before; nothing was done now. */
  | { readonly again: KeptAnswer }
  | { readonly refused: 'conflict' | 'busy' };

/** Where administration is kept. Everything fails with Unavailable when the database does not answer. */
export interface AdminStore {
  list(kind: ResourceKind, query: ListQuery): Promise<Page<StoredResource>>;
  read(kind: ResourceKind, id: string): Promise<StoredResource | null>;
  draft(): Promise<StoredDraft>;
  releases(query: { limit: number; before: number | null }): Promise<readonly ReleaseHead[]>;
  release(number: number | 'live'): Promise<FullRelease | null>;
  roleBindings(): Promise<readonly RoleBinding[]>;
  /** What was last reported of a device; null when nothing was, or there is no such device. */
  posture(device: string): Promise<StoredPosture | null>;
  /** Of every transmitter that is registered to be polled, by issuer. */
  eventPolls(query: Omit<ListQuery, 'filter'>): Promise<Page<StoredEventPoll>>;
  /** What admins have revoked, by name; `issuer` and `subject` narrow. */
  revocations(query: ListQuery): Promise<Page<StoredRevocation>>;
  shadow(): Promise<{ shadow: Shadow; report: ShadowReport } | null>;
  /** What is open and alive, the oldest first. */
  approvals(query: ApprovalQuery): Promise<Page<StoredDeferral>>;
  /** In whatever state; null when there is none, or none any more. */
  approval(id: string): Promise<StoredDeferral | null>;
  audit(filter: AuditFilter, page: { limit: number; before: string | null }): Promise<Page<AuditEvent>>;
  auditEvent(id: string): Promise<AuditEvent | null>;
  /** The question of the decision that this transaction began with; null when it is not on record. */
  decisionOf(txn: string): Promise<AuditEvent | null>;
  /**
   * Decisions of a time range, oldest first, in pages. Above `atMost` every n-th is taken, by a hash of its id.
   * `total` counts all of them.
   */
  decisions(range: { from: EpochMs; to: EpochMs; atMost: number }): Promise<{
    readonly total: number;
    readonly sampled: AsyncIterable<readonly RecordedDecision[]>;
  }>;
  usage(since: EpochMs): Promise<Usage>;
  openEnrolments(): Promise<readonly { purpose: EnrolmentPurpose; expiresAt: EpochMs }[]>;
  /** One transaction: the changes, an audit event for each act, and the answer for the Idempotency-Key. */
  change<Outcome>(change: AdminChange<Outcome>): Promise<ChangeResult<Outcome>>;
  /** Puts a refused act on record. */
  recordRefusal(event: AuditEvent): Promise<void>;
  /** Uses the code up and writes the rest. Fails  EnrolmentRefused when the code is unknown, used or expired */
  enrol(write: EnrolmentWrite): Promise<void>;
  /** Makes a code for the first admin where there is no security-admin and no open code; null otherwise. */
  offerFirstEnrolment(offer: { codeHash: Buffer; ttlSeconds: number }): Promise<boolean>;
}
