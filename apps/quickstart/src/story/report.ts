import { meaningOf, type AuditEvent } from '#core';
import type { Colours } from '#quickstart';
import type { Act, Scene } from './act.ts';

/** An act as it went: what was answered, and what the audit log says about it. */
export interface Report {
  readonly act: Pick<Act, 'title' | 'ends' | 'expects'>;
  /** The answer, or why there was none. */
  readonly scene: Scene | { readonly fault: string };
  readonly event: AuditEvent | null;
}

export function wentAsExpected({ act, scene, event }: Report): boolean {
  const { status, outcome, reason } = act.expects;
  return (
    'status' in scene && scene.status === status && event?.outcome === outcome && event.reason === reason
  );
}

/** `3 ✓ the token on another order: 401    token.wrong_uri: ...`, and the same loudly when it went otherwise. */
export function formatReport(report: Report, number: number, colours: Colours): string {
  const { act, scene, event } = report;
  const isExpected = wentAsExpected(report);
  const mark = isExpected ? colours.green('✓') : colours.red('✗');
  const end = isExpected ? act.ends : 'status' in scene ? String(scene.status) : scene.fault;
  const line = `${act.title}: ${end}`;
  const first = `  ${number} ${mark} ${isExpected ? line.padEnd(LINE_WIDTH) : colours.red(line.padEnd(LINE_WIDTH))}`;
  const why = colours.dim(explain(event));
  return isExpected
    ? `${first} ${why}`
    : `${first} ${why}\n      ${colours.red(`expected ${expectation(act)}`)}`;
}

const LINE_WIDTH = 44;

function explain(event: AuditEvent | null): string {
  if (event === null) return 'the audit log has nothing about it';
  if (event.reason !== null) return `${event.reason}: ${meaningOf(event.reason)}`;
  const policies = event.policies?.join(', ') ?? '';
  return policies === ''
    ? event.outcome
    : `${event.outcome}: ${policies} permits it, release ${event.release ?? '?'}`;
}

function expectation({ expects }: Report['act']): string {
  return `${expects.status}, and in the audit log: ${expects.reason ?? expects.outcome}`;
}
