/** The toy API's answers say by which transaction they came about, so that the audit log can be asked. */
export const TRANSACTION_HEADER = 'oncekey-txn';
