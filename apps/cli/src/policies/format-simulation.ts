import type { Colours } from '#quickstart';
import type { Answer } from '../answer.ts';

/** What `POST /draft/simulate` answers, for people. */
export function formatSimulation(answer: Answer, colours: Colours): readonly string[] {
  const decision = answer.text('decision');
  const reason = answer.text('reason');
  const head = decision === 'permit' ? colours.green('permit') : colours.red(decision);
  const obligations = Object.entries(answer.at('obligations').value ?? {}).map(
    ([name, value]: [string, unknown]) => `@${name}("${String(value)}")`,
  );
  return [
    [head, ...(reason === '' ? [] : [colours.yellow(reason)])].join('  '),
    ...list('decided by', answer.texts('policies')),
    ...list('demands', obligations),
    ...(decision === 'permit' ? [`  lives for ${answer.text('ttl_seconds')} s`] : []),
    ...answer
      .list('applied')
      .map(
        (one) =>
          `  applied: ${one.text('policy')} (${one.text('effect')}${one.isTrue('determining') ? '' : ', outweighed'})`,
      ),
    ...answer
      .list('almost')
      .flatMap((one) => [
        `  almost: ${one.text('policy')} (${one.text('effect')}), if`,
        ...one.texts('missing').map((missing) => `      ${colours.cyan(missing)}`),
      ]),
  ];
}

function list(what: string, words: readonly string[]): readonly string[] {
  return words.length === 0 ? [] : [`  ${what} ${words.join(', ')}`];
}
