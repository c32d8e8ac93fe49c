import type { QuickstartEnvironment } from '#quickstart';
import type { Screen } from '../screen.ts';

/** One more policy and its test, in the shell's words. */
function bobToo(issuer: string): string {
  return `cat > my-policies/bob-too.cedar <<'EOF'
@id("bob-too")
@digest("required")
@proof("dpop")
permit (
  principal == User::"${issuer}|bob",
  action == Action::"orders.refund",
  resource == Api::"orders"
);
EOF
cat >> my-policies/tests.yaml <<'EOF'
- id: bob-refunds
  name: bob refunds as well
  principal: { issuer: '${issuer}', subject: bob, groups: [] }
  operation: orders.refund
  parameters: { id: '42' }
  device_key: key-of-bob
  has_digest: true
  time: '2026-01-05T09:00:00Z'
  expect: { decision: permit, policies: [bob-too] }
EOF`;
}

/** Commands to copy and paste into another terminal. */
export function showNextSteps({ write, colours }: Screen, environment: QuickstartEnvironment): void {
  const refund = `${environment.orders_url}/orders/42/refund -d '{"cents":500}'`;
  const show = (title: string, steps: readonly (readonly [command: string, remark: string])[]): void => {
    write(title);
    for (const [command, remark] of steps) {
      write(`  ${colours.cyan(command)}\n      ${colours.dim(remark)}`);
    }
  };
  show(`\n${colours.bold('What to try next')}, in another terminal:`, [
    [`npx oncekey call POST ${refund} --as ada`, 'a token of its own, spent at once'],
    ['npx oncekey audit tail -n 5', 'who did what, and why not'],
    ['npx oncekey explain <reason id>', 'all about one answer'],
    [`npx oncekey exchange POST ${refund} --as ada`, 'the token itself'],
    ['npx oncekey quickstart id-token ada', 'an ID token, for scripts of your own'],
    ['npx oncekey report standing', 'what is wider than it must be'],
    ['npm run demo', 'the story once more'],
  ]);
  show(`\n${colours.bold('Let bob refund as well')}: denied, edited, tested, published, allowed:`, [
    [`npx oncekey call POST ${refund} --as bob`, 'no policy permits it'],
    ['npx oncekey pull my-policies', 'the policies, their tests and the catalog as files'],
  ]);
  write(colours.cyan(bobToo(environment.identity_provider.issuer)));
  show('', [
    ['npx oncekey policy test my-policies', 'what is permitted, and what is not'],
    ['npx oncekey plan my-policies', 'what would change, and for whom'],
    ['npx oncekey apply my-policies -m "bob too"', 'every broker knows within a second'],
    [`npx oncekey call POST ${refund} --as bob`, '200'],
    ['npx oncekey rollback 1 -m "enough"', 'and denied again'],
  ]);
  write(`\n${colours.dim('Ctrl-C stops everything.')}`);
}
