import type { EnrolmentPurpose } from '../administration/stored.ts';
import type { RoleBinding } from '../administration/roles.ts';
import type { PolicySummary } from '../policy/policy-summary.ts';
import type {
  ClientDocument,
  IdentityProviderDocument,
  ResourceServerDocument,
} from '../registry/documents.ts';
import type { EpochMs } from '../shared/clock.ts';

/** A policy of the live release or of a draft, and how wide it is. */
export interface StandingPolicy extends PolicySummary {
  /** Neither its scope nor a condition looks at who asks. */
  readonly permitsEverybody: boolean;
  /** Neither its scope nor a condition looks at the operation. */
  readonly unscopedAction: boolean;
  /** Null: the default. */
  readonly ttlSeconds: number | null;
  readonly isBreakGlass: boolean;
}

/** All that can stand: enabled registrations, role bindings, policies and open links. */
export interface StandingInput {
  readonly now: EpochMs;
  readonly identityProviders: readonly IdentityProviderDocument[];
  /** `updatedAt`: its keys are at least that old, unless something else about it was changed later. */
  readonly clients: readonly { readonly document: ClientDocument; readonly updatedAt: EpochMs }[];
  readonly resourceServers: readonly ResourceServerDocument[];
  /** `attestedAt`: null when the device never proved what it is. */
  readonly devices: readonly { readonly id: string; readonly attestedAt: EpochMs | null }[];
  readonly roleBindings: readonly RoleBinding[];
  readonly policies: readonly StandingPolicy[];
  readonly enrolments: readonly { readonly purpose: EnrolmentPurpose; readonly expiresAt: EpochMs }[];
}

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** Something that does not expire, or is wider than it must be. */
export interface StandingFinding {
  /** Name of the rule that found it. */
  readonly rule: string;
  readonly severity: Severity;
  /** What stands, as `<resource>/<id>`. */
  readonly subject: string;
  readonly why: string;
  /** How to take it away. */
  readonly remedy: string;
}

export interface StandingReport {
  /** 0: nothing stands. The sum of what the findings weigh, see `SEVERITY_WEIGHTS`. */
  readonly score: number;
  /** The most severe first. */
  readonly findings: readonly StandingFinding[];
}

/** What one rule looks for. */
export type StandingRule = (input: StandingInput) => readonly Omit<StandingFinding, 'rule'>[];
