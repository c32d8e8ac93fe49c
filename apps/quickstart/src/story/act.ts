import type { AuditOutcome, Reason } from '#core';
import type { Stage } from './stage.ts';

/** What was answered in an act. */
export interface Scene {
  readonly status: number;
  /** From the answer's `Oncekey-Reason-Id`; the audit log knows what it stands for. */
  readonly reasonId: string | null;
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
