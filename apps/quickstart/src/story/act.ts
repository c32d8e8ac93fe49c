import type { AuditOutcome, Reason } from '#core';
import type { Stage } from './stage.ts';

/** What was answered in an act. */
export interface Scene {
  readonly status: number;
  /** What the audit log can be asked by: the reason id of a refusal, else the transaction. */
  readonly auditId: string | null;
}

/** One thing that is tried, and what has to come of it. */
export interface Act {
  readonly title: string;
  /** What follows the title when all goes as it should. */
  readonly ends: string;
  readonly expects: {
    readonly status: number;
    readonly outcome: AuditOutcome;
    readonly reason: Reason | null;
  };
  play(stage: Stage): Promise<Scene>;
}
