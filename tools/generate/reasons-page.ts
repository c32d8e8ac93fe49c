import { INACTIVITIES, REFUSALS, type RefusalRow } from '#core';

/** The reasons table as a page: what each reason means, and what of it a caller sees. */
export function reasonsPage(): string {
  const refusals = Object.entries<RefusalRow>(REFUSALS).map(
    ([reason, { status, error, says, means }]) =>
      `| \`${reason}\` | ${status} \`${error}\` | ${says} | ${means} |`,
  );
  const inactivities = Object.entries(INACTIVITIES).map(([reason, means]) => `| \`${reason}\` | ${means} |`);
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
    '| reason | answer | text | means |',
    '|---|---|---|---|',
    ...refusals,
    '',
    '## Inactive tokens',
    '',
    'The resource server reads `{"active":false}` for all of them.',
    '',
    '| reason | means |',
    '|---|---|',
    ...inactivities,
    '',
  ].join('\n');
}
