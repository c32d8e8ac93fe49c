import type { Colours } from '#quickstart';
import type { Answer } from '../answer.ts';

/** One event of `GET /audit` in a line, or two when there is a reason. */
export function formatFoundEvent(event: Answer, colours: Colours): string {
  const outcome = event.text('outcome');
  const isBad = outcome === 'refused' || outcome === 'inactive';
  const subject = event.at('subject').text('subject');
  const act = event.at('act');
  const operation = act.text('operation') || event.text('operation_id') || event.text('type');
  const line = [
    colours.dim(event.text('at').replace('T', ' ').replace('Z', '')),
    colours[isBad ? 'red' : 'green'](outcome.padEnd(9)),
    [subject, event.text('caller_id')].filter((part) => part !== '').join(' via '),
    [operation, act.text('target')].filter((part) => part !== '').join(' '),
    colours.dim(event.texts('policies').join(', ')),
  ].filter((part) => part !== '');
  const reason = event.text('reason');
  const more = `\n${' '.repeat(26)}${colours.yellow(reason)} ${colours.dim(`[${event.text('reason_id')}]`)}`;
  return `${line.join('  ')}${reason === '' ? '' : more}`;
}
