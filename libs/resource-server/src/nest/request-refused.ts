import type { Refusal } from '../decision.ts';

/** A refusal as an error with the members that web frameworks look for: `statusCode`, `status`, `expose`. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly statusCode: number;
  readonly status: number;
  readonly expose = true;
  readonly headers: Readonly<Record<string, string>>;

  constructor(readonly refusal: Refusal) {
    super(refusal.body.error_description, refusal.cause === null ? undefined : { cause: refusal.cause });
    this.statusCode = refusal.status;
    this.status = refusal.status;
    this.headers = refusal.headers;
  }
}
