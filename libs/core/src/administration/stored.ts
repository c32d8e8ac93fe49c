import type { ReleaseDocument } from '../policy/release.ts';
import type { RevokedName } from '../revocation/revoked-name.ts';
import type { EpochMs } from '../shared/clock.ts';
import type { JsonObject } from '../shared/strict-json.ts';

/** Registrations take effect at once; the parts of the draft with the next release. */
export const REGISTRATION_KINDS = [
  'identity_provider',
  'event_transmitter',
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

/** What somebody says of a device, all of it. What is left out is not known. */
export interface PostureReport {
  readonly compliant: boolean | null;
  readonly facts: Readonly<Record<string, boolean>>;
}

/** The last report of a device. */
export interface StoredPosture extends PostureReport {
  readonly learntAt: EpochMs;
  /** Issuer of a security event, or `issuer|subject` of whoever reported it here. */
  readonly learntFrom: string;
}

/** What admins have revoked under one name. */
export interface StoredRevocation extends RevokedName {
  /** What was vouched for up to then is dead; null: everything is, until that is lifted. */
  readonly deadUntil: EpochMs | null;
  readonly changedAt: EpochMs;
}

/** How the polls of one transmitter go, that is registered to be polled. Nothing that opens it. */
export interface StoredEventPoll {
  readonly kind: 'identity_provider' | 'event_transmitter';
  /** Of the registration. */
  readonly id: string;
  readonly issuer: string;
  /** A disabled one is not polled. */
  readonly enabled: boolean;
  /** Events that it delivered and that were acknowledged, since it is polled. */
  readonly acknowledged: number;
  /** Null: never. */
  readonly lastPollAt: EpochMs | null;
  readonly lastSuccessAt: EpochMs | null;
  /** Null where the last poll went well. */
  readonly failing: {
    readonly since: EpochMs;
    /** In a row. */
    readonly polls: number;
    readonly why: string;
    readonly nextAt: EpochMs;
  } | null;
  /** Who polls it now: an id that a broker gives itself when it starts. Null: nobody. */
  readonly lease: { readonly holder: string; readonly until: EpochMs } | null;
}
