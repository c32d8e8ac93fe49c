import { INACTIVITIES, REFUSALS, type RefusalRow } from '#core';
import { remedyOf } from './remedies.ts';

/** The reasons table as a page: what each reason means, what of it a caller sees, and what to do about it. */
export function reasonsPage(): string {
  const refusals = Object.entries<RefusalRow>(REFUSALS).map(
    ([reason, { status, error, says, means }]) =>
      `| \`${reason}\` | ${status} \`${error}\` | ${says} | ${means} | ${remedyOf(reason) ?? ''} |`,
  );
  const inactivities = Object.entries(INACTIVITIES).map(
    ([reason, means]) => `| \`${reason}\` | ${means} | ${remedyOf(reason) ?? ''} |`,
  );
  return [
    '# Reasons',
    '',
    'The audit log gives one of these with every request that was not permitted or spent.',
    '`oncekey explain <reason id>` finds the event that a caller tells you about.',
    '',
    '## Refusals',
    '',
    'The caller reads the error and its text; the reason itself stays in the audit log.',
    '',
    '| reason | answer | text | means | what to do |',
    '|---|---|---|---|---|',
    ...refusals,
    '',
    '## Inactive tokens',
    '',
    'The resource server reads `{"active":false}` for all of them.',
    '',
    '| reason | means | what to do |',
    '|---|---|---|',
    ...inactivities,
    '',
  ].join('\n');
}
