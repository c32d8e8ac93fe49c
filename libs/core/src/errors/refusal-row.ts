/** One row: the code and status on the wire, the only text a caller may read, and what it means to an operator. */
export interface RefusalRow {
  /** OAuth error code (RFC 6749 §5.2 and its extensions). */
  error: string;
  status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 422 | 429 | 500 | 503;
  /** `error_description`; characters of RFC 6749 §5.2 only. */
  says: string;
  /** For the audit log's reader; never on the wire. */
  means: string;
}
