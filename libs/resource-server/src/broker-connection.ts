interface BrokerRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the first byte sent to the last byte received. */
  readonly timeoutMs: number;
}

export interface BrokerAnswer {
  readonly status: number;
  /** Name in lower case; null when it did not come. */
  readonly header: (name: string) => string | null;
  readonly text: string;
}

/** How a guard reaches its broker. Redirects are not followed: they would carry tokens elsewhere. */
export interface BrokerConnection {
  /** Fails  BrokerFailure, passing: no connection, no answer in time, or an answer that breaks off or is too large */
  ask(request: BrokerRequest): Promise<BrokerAnswer>;
  close(): void;
}

export const MAX_ANSWER_BYTES = 65_536;
