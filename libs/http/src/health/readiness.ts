/** Is this process able to decide? Each check is `ok`, or a word for what is wrong. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

export function readinessOf(checks: Readonly<Record<string, string>>): Readiness {
  return { ready: Object.values(checks).every((state) => state === 'ok'), checks };
}
