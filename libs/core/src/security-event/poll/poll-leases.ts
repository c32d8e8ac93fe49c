/** Leave to poll one transmitter. */
export interface PollLease {
  /** Polls of it that failed in a row, whoever made them. */
  readonly failures: number;
}

/** Sees to it that of many brokers one polls a transmitter at a time, and remembers how that went. */
export interface PollLeases {
  /**
   * Takes or renews the lease of this broker. Null while another has it, and while the transmitter is left alone.
   *
   * Fails  Unavailable
   */
  take(issuer: string, leaseMs: number): Promise<PollLease | null>;

  /** The holder was answered, and took so many events. Fails  Unavailable */
  succeeded(issuer: string, events: number): Promise<void>;

  /** The holder was not. Its lease ends, and nobody polls for `waitMs`. `what`: a line for operators. Fails  Unavailable */
  failed(issuer: string, failure: { readonly what: string; readonly waitMs: number }): Promise<void>;

  /** Ends the lease of this broker, if it has it. Fails  Unavailable */
  release(issuer: string): Promise<void>;
}
