import { ADMIN_PROBLEMS, type AdminReason } from './admin-problems.ts';

/** One fault of a document: a JSON pointer as a URI fragment, and more where a policy text is at fault. */
export interface ProblemDetail {
  readonly detail: string;
  readonly pointer?: string;
  readonly policy?: string;
  readonly line?: number;
  readonly column?: number;
  readonly suggestion?: string | null;
}

/** An admin call that is refused. Text for the caller comes from `ADMIN_PROBLEMS` and from `errors`. */
export class AdminProblem extends Error {
  override readonly name = 'AdminProblem';

  constructor(
    readonly reason: AdminReason,
    readonly errors: readonly ProblemDetail[] = [],
    /** Extension members of RFC 9457, such as the right that is missing. */
    readonly members: Readonly<Record<string, string | number>> = {},
  ) {
    super(ADMIN_PROBLEMS[reason].title);
  }
}
