import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { columns } from '../columns.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** What does not expire or is wider than it must be. Out: 1 when the score is above `failAbove`. */
export async function reportStanding(
  terminal: Terminal,
  options: AdminOptions & { failAbove?: number },
): Promise<number> {
  const { body } = await (await openAdmin(terminal, options)).get('/reports/standing-privilege');
  const score = body.number('score');
  const isTooMuch = options.failAbove !== undefined && score > options.failAbove;
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else {
    for (const finding of body.list('findings')) {
      const [head = ''] = columns([
        [terminal.colours.yellow(finding.text('severity')), finding.text('rule'), finding.text('subject')],
      ]);
      terminal.print(head);
      terminal.print(`    ${finding.text('why')}`);
      terminal.print(`    ${terminal.colours.cyan(finding.text('remedy'))}`);
    }
    terminal.print(`score ${score}`);
  }
  if (isTooMuch) terminal.remark(terminal.colours.red(`score ${score} is above ${options.failAbove}`));
  return isTooMuch ? EXIT.refused : EXIT.done;
}
