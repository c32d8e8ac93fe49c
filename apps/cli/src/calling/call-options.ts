/** Options of `call` and `exchange`, as commander hands them over. */
export interface CallOptions {
  readonly data?: string;
  readonly header?: readonly string[];
  readonly resource?: string;
  readonly as?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly clientKey?: string;
  readonly deviceKey?: string;
  readonly idToken?: string;
  readonly actorToken?: string;
  readonly json?: boolean;
  /** Send the same token a second time. */
  readonly replay?: boolean;
}
