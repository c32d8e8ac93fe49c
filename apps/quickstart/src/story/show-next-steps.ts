import type { QuickstartEnvironment } from '#quickstart';
import type { Screen } from '../screen.ts';

/** Commands to copy and paste into another terminal. */
export function showNextSteps({ write, colours }: Screen, environment: QuickstartEnvironment): void {
  const orders = environment.orders_url;
  write(`\n${colours.bold('What to try next')}, in another terminal:`);
  for (const [command, remark] of [
    [
      `npx oncekey call POST ${orders}/orders/42/refund -d '{"cents":500}' --as ada`,
      'a token of its own, spent at once',
    ],
    [
      `npx oncekey call POST ${orders}/orders/42/refund -d '{"cents":500}' --as bob`,
      'refused, with a reason id',
    ],
    ['npx oncekey audit tail -n 5', 'who did what, and why not'],
    ['npx oncekey explain <reason id>', 'all about one answer'],
    [`npx oncekey exchange POST ${orders}/orders/42/refund -d '{"cents":500}' --as ada`, 'the token itself'],
    ['npx oncekey quickstart id-token ada', 'an ID token, for scripts of your own'],
    ['npx oncekey seed policies', 'after you changed a policy in policies/'],
    ['npm run demo', 'the story once more'],
  ] as const) {
    write(`  ${colours.cyan(command)}\n      ${colours.dim(remark)}`);
  }
  write(`\n${colours.dim('Ctrl-C stops everything.')}`);
}
