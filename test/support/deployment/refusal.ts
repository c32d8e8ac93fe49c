import type { Answer } from './caller.ts';
import type { Records } from './records.ts';

/** What a refusal is expected to be, on the wire and in the audit log. */
export interface ExpectedRefusal {
  /** Status and error code: `400 invalid_request`. */
  readonly answer: string;
  readonly reason: string;
  /** Members of the body besides error and description. */
  readonly members?: readonly string[];
}

/** Holds a refusal against everything that all refusals have in common. */
export async function expectRefusal(
  answer: Answer,
  records: Records,
  { answer: expected, reason, members = [] }: ExpectedRefusal,
): Promise<void> {
  expect(`${answer.status} ${String(answer.body['error'])}`).toBe(expected);
  expect(Object.keys(answer.body)).toEqual(['error', 'error_description', ...members]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('pragma')).toBe('no-cache');
  expect(answer.headers.get('content-type')).toMatch(/^application\/json(?:; charset=utf-8)?$/);
  expect(answer.headers.get('etag')).toBeNull();
  const event = await records.eventOf(answer);
  expect({ outcome: event.outcome, reason: event.reason }).toEqual({ outcome: 'refused', reason });
}
