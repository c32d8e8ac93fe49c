/** What may be said of an error. */
export interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

const MAX_CAUSES = 3;

/**
 * An error by name, message, code, stack and causes. Nothing else of it: drivers hang parameters, rows and
 * connection settings on their errors.
 */
export function describeError(error: Error, causes = 0): DescribedError {
  const code: unknown = Reflect.get(error, 'code');
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause instanceof Error && causes < MAX_CAUSES
      ? { cause: describeError(error.cause, causes + 1) }
      : {}),
  };
}
