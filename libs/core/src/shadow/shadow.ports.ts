import type { ShadowReport } from '../administration/stored.ts';

/** Where the counts of all brokers come together. */
export interface ShadowJournal {
  /**
   * Adds what one process counted since it last did. Counts of a shadow that no longer runs are of no use to anybody.
   *
   * Fails  Unavailable
   */
  add(shadowId: string, counted: ShadowReport): Promise<void>;
}

/** What comparing costs and where it goes; nothing of it is waited for by an answer. */
export interface ShadowPorts {
  readonly journal: ShadowJournal;
  /** Milliseconds that only grow. */
  readonly elapsedMs: () => number;
  /** Runs something once, after what is under way now. */
  readonly later: (run: () => void) => void;
  readonly onProblem: (what: string, cause: unknown) => void;
}
