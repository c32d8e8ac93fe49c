/**
 * What connections of a ledger are set to. A batch that waits for too long gives up, and keeps nothing. Tables of the
 * ledger have no statistics, or wrong ones: each statement is planned once, for no values in particular, and reads them
 * through their indexes.
 */
export const LEDGER_SESSION = {
  statement_timeout: '2000',
  enable_seqscan: 'off',
  plan_cache_mode: 'force_generic_plan',
} as const;
