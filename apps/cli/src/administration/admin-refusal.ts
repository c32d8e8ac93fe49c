import { Answer } from '../answer.ts';
import { EXIT, Failure } from '../failure.ts';

const URN = 'urn:oncekey:problem:';

/** One entry of a problem's `errors`. */
export interface RefusalDetail {
  readonly detail: string;
  readonly pointer: string;
  readonly policy: string;
  readonly line: number;
  readonly column: number;
  readonly suggestion: string;
}

/** The admin API said no, in a problem of RFC 9457. */
export class AdminRefusal extends Failure {
  readonly title: string;
  readonly errors: readonly RefusalDetail[];

  constructor(
    /** `admin.tests_fail`; the status when there is no problem document. */
    readonly reason: string,
    readonly status: number,
    { title, errors }: { title: string; errors: readonly RefusalDetail[] },
  ) {
    const lines = errors.map((error) => `\n  ${lineOf(error)}`);
    super(`${title} (${reason})${lines.join('')}`, status === 503 ? EXIT.unavailable : EXIT.refused);
    this.title = title;
    this.errors = errors;
  }
}

/** Decodes an answer that is no success. */
export function readAdminRefusal(status: number, text: string): AdminRefusal {
  const problem = new Answer(parse(text));
  const type = problem.text('type');
  const right = problem.text('right');
  const title = problem.text('title') || `the admin API answered with status ${status}`;
  return new AdminRefusal(type.startsWith(URN) ? type.slice(URN.length) : String(status), status, {
    title: right === '' ? title : `${title}: ${right}`,
    errors: problem.list('errors').map((error) => ({
      detail: error.text('detail'),
      pointer: error.text('pointer'),
      policy: error.text('policy'),
      line: error.number('line'),
      column: error.number('column'),
      suggestion: error.text('suggestion'),
    })),
  });
}

function lineOf({ detail, pointer, policy, line, column, suggestion }: RefusalDetail): string {
  const place = line === 0 ? policy : `${policy || 'line '}${policy === '' ? '' : ':'}${line}:${column}`;
  const hint = suggestion === '' ? '' : `(${suggestion})`;
  return [place, pointer, detail, hint].filter((part) => part !== '').join(' ');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
