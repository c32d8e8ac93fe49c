/** The broker could not be asked, or what it said cannot be relied on. Never a no. */
export class BrokerFailure extends Error {
  override readonly name = 'BrokerFailure';
  /** May the same question succeed a moment later? */
  readonly isPassing: boolean;
  /** How long the broker asks to be left alone; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    {
      isPassing = false,
      retryAfterMs = null,
      cause,
    }: { isPassing?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.isPassing = isPassing;
    this.retryAfterMs = retryAfterMs;
  }
}
