import type { EpochSeconds } from '../shared/clock.ts';

/** Types that `request_context` attributes may have; Cedar's own names. */
export type ClaimedType = 'String' | 'Long' | 'Bool';

export type ClaimedValue = string | number | boolean;

/** The current actor. Those who acted before have no say. */
export interface ActorFacts {
  readonly issuer: string;
  readonly subject: string;
  /** How many act for one another; 1 when it is the current one alone. */
  readonly depth: number;
}

/** The transaction on whose account a service asks. */
export interface TransactionFacts {
  /** Catalog operation that was permitted when it began, or by the last token that was earned in it. */
  readonly operation: string;
  /** Client ids of those who asked before, the first one first. */
  readonly workloads: readonly string[];
  /** How many they are. */
  readonly depth: number;
}

/** What somebody said of a device. */
export interface ReportedPosture {
  /** Null: it was not said. */
  readonly compliant: boolean | null;
  /** Names of what was reported as true. */
  readonly facts: readonly string[];
  readonly learntAt: EpochSeconds;
  readonly attestedBy: string;
}

/** What is known of a registered device, and who said so. */
export interface RegisteredDevice {
  /** Its owner is the principal. */
  readonly ownerMatches: boolean;
  readonly platform: string;
  /** Null: nobody has reported anything. */
  readonly posture: ReportedPosture | null;
}

/**
 * One question to the policies: may this principal do this action on this resource, in this context? All of it is
 * recorded with the decision, so that the same question can be asked again of another release.
 */
export interface PolicyRequest {
  readonly principal: {
    readonly issuer: string;
    readonly subject: string;
    readonly groups: readonly string[];
    readonly email: string | null;
  };
  /** Catalog operation id. */
  readonly action: string;
  /** Registration id of the resource server. */
  readonly resource: string;
  readonly context: {
    readonly operation: {
      readonly method: string;
      readonly targetUri: string;
      readonly path: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly hasDigest: boolean;
      readonly contentType: string | null;
      /** Named by scope: the target is the path template, and what a request has in its place is not known. */
      readonly isTemplate?: true;
    };
    readonly device: {
      readonly keyThumbprint: string | null;
      /** Absent: the key is no registered device's. */
      readonly registered?: RegisteredDevice;
      /** The client attester's word on it, in place of any older report; absent: there is none. */
      readonly attested?: ReportedPosture;
    };
    readonly network: { readonly ip: string | null };
    readonly auth: {
      readonly acr: string | null;
      readonly amr: readonly string[];
      readonly authTime: EpochSeconds | null;
    };
    readonly client: { readonly id: string };
    /** Who acts for the principal; absent when the principal acts. */
    readonly actor?: ActorFacts | null;
    /** Absent where the principal, or who acts for it, is at work itself. */
    readonly transaction?: TransactionFacts;
    /** When it was asked, by the broker's clock. */
    readonly time: EpochSeconds;
    readonly claimed: Readonly<Record<string, ClaimedValue>>;
    /** Groups that have approved this very request; no policy sees it. Absent: nobody has. */
    readonly approvedBy?: readonly string[];
  };
}

/** What the policies said, before obligations. */
export interface PolicyVerdict {
  readonly effect: 'permit' | 'deny';
  /** Ids of the policies that decided: the permits that matched, or the forbids. Sorted. */
  readonly determining: readonly string[];
  /** A policy failed to evaluate. Then `effect` is `deny`, whatever the others say. */
  readonly failed: boolean;
}
