import type { OncekeyError } from '#client';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { CallOptions } from './call-options.ts';

/** Says why there was no token, and where to find out more. */
export function tellRefusal(
  terminal: Terminal,
  error: OncekeyError,
  { json }: Pick<CallOptions, 'json'>,
): number {
  const { code, description, status, reasonId, stepUp } = error;
  if (json === true) {
    terminal.print(
      JSON.stringify({ error: code, error_description: description, status, reason_id: reasonId }),
    );
  } else {
    const answered = status === null ? '' : ` (HTTP ${status})`;
    terminal.remark(terminal.colours.red(`no token${answered}: ${error.message}`));
    if (stepUp !== null) terminal.remark('the user has to sign in again, in the way that the policy demands');
    if (reasonId !== null) terminal.remark(`more: npx oncekey explain ${reasonId}`);
  }
  return status === null || status === 503 ? EXIT.unavailable : EXIT.refused;
}
