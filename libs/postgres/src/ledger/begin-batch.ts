/** A process that is stopped in the middle of a batch must not hold its locks for longer. */
export const BEGIN_BATCH = `BEGIN;
  SET LOCAL synchronous_commit TO on;
  SET LOCAL statement_timeout TO 2000;
  SET LOCAL idle_in_transaction_session_timeout TO 5000;
  SET LOCAL enable_seqscan TO off`;
