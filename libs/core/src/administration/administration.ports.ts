import type { AuditEvent } from '../audit/audit-event.ts';
import type { RecordedDecision } from '../policy/replay.ts';
import type { ReleaseDocument } from '../policy/release.ts';
import type { DocumentProblem } from '../registry/documents.ts';
import type { EpochMs } from '../shared/clock.ts';
import type { JsonObject } from '../shared/strict-json.ts';
import type { AdminAct, AdminCaller } from './admin-act.ts';
import type { RoleBinding } from './roles.ts';

/** Registrations take effect at once; the parts of the draft with the next release. */
export const REGISTRATION_KINDS = [
  'identity_provider',
  'client',
  'resource_server',
  'device',
  'role_binding',
] as const;
export const DRAFT_KINDS = ['policy', 'policy_test', 'operation', 'context_attribute'] as const;

export type RegistrationResource = (typeof REGISTRATION_KINDS)[number];
export type DraftResource = (typeof DRAFT_KINDS)[number];
export type ResourceKind = RegistrationResource | DraftResource;

/** One resource as it is stored. */
export interface StoredResource {
  readonly id: string;
  /** Never used twice, by no other resource either: the strong ETag is this in quotes (RFC 9110 §8.8.3). */
  readonly version: string;
  readonly document: JsonObject;
  /** Always true for parts of the draft. */
  readonly enabled: boolean;
  readonly updatedAt: EpochMs;
  /** `issuer|subject` of who changed it last; null for what a seed wrote. */
  readonly updatedBy: string | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

export interface ListQuery {
  /** 1 to 200. */
  readonly limit: number;
  readonly after: string | null;
  /** Exact matches of members of the document, such as `{ api: 'orders' }`; names come from a fixed list. */
  readonly filter: Readonly<Record<string, string>>;
}

export interface StoredDraft {
  /** Changes with every change of any part. */
  readonly version: string;
  readonly document: ReleaseDocument;
  /** Everybody who changed the draft since it was last the same as a release: `issuer|subject`. */
  readonly authors: readonly string[];
}

export interface ReleaseHead {
  readonly number: number;
  /** `issuer|subject`, or the name of a command on the database host. */
  readonly author: string;
  readonly message: string;
  readonly publishedAt: EpochMs;
  /** The release whose content this one brought back; null for others. */
  readonly rollbackOf: number | null;
  readonly isLive: boolean;
}

export interface FullRelease extends ReleaseHead {
  readonly document: ReleaseDocument;
}

/** A candidate that brokers evaluate beside the live release, without effect on answers. */
export interface Shadow {
  readonly id: string;
  readonly startedAt: EpochMs;
  readonly startedBy: string;
  readonly document: ReleaseDocument;
}

export interface ShadowDifference {
  readonly kind: 'newly_allowed' | 'newly_denied';
  /** The policy that newly permits; for what is newly denied, one that permitted. Empty: none did. */
  readonly policy: string;
  readonly operation: string;
  readonly count: number;
  readonly exampleReasonId: string;
}

export interface ShadowReport {
  readonly compared: number;
  /** Left out, to keep to the bound of cost. */
  readonly skipped: number;
  readonly differences: readonly ShadowDifference[];
}

/** All members narrow; absent ones do not. */
export interface AuditFilter {
  readonly issuer?: string;
  readonly subject?: string;
  readonly client?: string;
  /** Catalog operation, of decisions and of admin acts. */
  readonly operation?: string;
  readonly reason?: string;
  readonly outcome?: string;
  readonly type?: string;
  readonly txn?: string;
  readonly reasonId?: string;
  readonly from?: EpochMs;
  readonly to?: EpochMs;
}

/** What was used since some time, by the audit log. */
export interface Usage {
  /** By policy id: when it last decided a permit. */
  readonly policies: ReadonlyMap<string, EpochMs>;
  readonly operations: ReadonlyMap<string, EpochMs>;
  /** By policy id: the operations that it permitted. */
  readonly operationsByPolicy: ReadonlyMap<string, readonly string[]>;
  /** By `issuer|subject`: when they were last permitted anything at all, however long ago within the log. */
  readonly subjects: ReadonlyMap<string, EpochMs>;
}

export type EnrolmentPurpose = 'first_admin' | 'break_glass';

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

export class EnrolmentRefused extends Error {
  override readonly name = 'EnrolmentRefused';
}

/** The version that was named is not the current one. */
export class VersionMoved extends Error {
  override readonly name = 'VersionMoved';
}

export class NoSuchResource extends Error {
  override readonly name = 'NoSuchResource';
}

/** A name that may exist once is taken, or something refers to what would go. */
export class ResourceConflict extends Error {
  override readonly name = 'ResourceConflict';

  constructor(
    readonly why: 'exists' | 'referenced',
    readonly problems: readonly DocumentProblem[] = [],
  ) {
    super(why);
  }
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
  shadow(): Promise<{ shadow: Shadow; report: ShadowReport } | null>;
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
