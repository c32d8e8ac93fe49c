import type { QuickstartEnvironment } from '#quickstart';
import type { Screen } from '../screen.ts';

/** A second policy and its tests, for copy and paste. `permit` beside the policies that were pulled. */
const BOB_TOO = `cat > my-policies/bob-too.cedar <<'EOF'
@id("bob-too")
@digest("required")
@proof("dpop")
permit (
  principal,
  action == Action::"orders.refund",
  resource == Api::"orders"
)
when { principal.sub == "bob" };
EOF
cat >> my-policies/tests.yaml <<'EOF'
- &bob
  id: bob-refunds
  name: bob refunds as well
  principal: { issuer: 'https://login.example', subject: bob, groups: [] }
  operation: orders.refund
  parameters: { id: '42' }
  device_key: key-of-bob
  has_digest: true
  time: '2026-01-05T09:00:00Z'
  expect: { decision: permit, policies: [bob-too] }
EOF`;

/** Commands to copy and paste into another terminal. */
export function showNextSteps({ write, colours }: Screen, environment: QuickstartEnvironment): void {
  const refund = `${environment.orders_url}/orders/42/refund -d '{"cents":500}'`;
  const show = (steps: readonly (readonly [command: string, remark: string])[]): void => {
    for (const [command, remark] of steps) {
      write(`  ${command.split('\n').map(colours.cyan).join('\n')}\n      ${colours.dim(remark)}`);
    }
  };
  write(`\n${colours.bold('What to try next')}, in another terminal:`);
  show([
    [`npx oncekey call POST ${refund} --as ada`, 'a token of its own, spent at once'],
    ['npx oncekey audit tail -n 5', 'who did what, and why not'],
    ['npx oncekey explain <reason id>', 'all about one answer'],
    [`npx oncekey exchange POST ${refund} --as ada`, 'the token itself'],
    ['npx oncekey report standing', 'what is wider than it must be'],
    ['npm run demo', 'the story once more'],
  ]);
  write(`\n${colours.bold('Let bob refund, too')}: deny, edit, test, publish, allow, in a minute:`);
  show([
    [`npx oncekey call POST ${refund} --as bob`, 'denied: no policy permits it'],
    ['npx oncekey pull my-policies', 'all that is in force, as files'],
  ]);
  write(BOB_TOO.split('\n').map(colours.cyan).join('\n'));
  write(`      ${colours.dim('a permit, and a test that it permits')}`);
  show([
    ['npx oncekey policy test my-policies', 'and a test that it denies? others-do-not-refund expects bob to be denied'],
  ]);
  write(`\n${colours.dim('Ctrl-C stops everything.')}`);
}
