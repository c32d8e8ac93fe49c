import { fakeRelease, type FakePolicy } from '#testing';
import { AdminProblem } from '../errors/admin-problem.ts';
import type { PolicyTest } from '../policy/policy-test.ts';
import type { ReleaseDocument } from '../policy/release.ts';
import { ADMIN_RIGHTS } from './admin-catalog.ts';
import type { FullRelease } from './stored.ts';
import { approvePublication, approveRollback, type PublishPorts } from './publish.ts';
import type { AdminRight } from './right-question.ts';

const ADA = 'https://idp.example|ada';
const BOB = 'https://idp.example|bob';
const SUPPORT: FakePolicy = {
  id: 'support',
  operations: ['orders.refund'],
  when: ({ principal }) => principal.groups.includes('support'),
};

function aTest(id: string, groups: readonly string[], decision: 'permit' | 'deny'): PolicyTest {
  const principal = { issuer: 'https://idp.example', subject: 'eve', groups };
  const time = '2026-01-05T09:00:00Z';
  return {
    id,
    name: id,
    principal,
    operation: 'orders.refund',
    parameters: { id: '1' },
    time,
    expect: { decision },
  };
}

const ALLOWS = aTest('allows', ['support'], 'permit');
const DENIES = aTest('denies', [], 'deny');

function aRelease(
  policies: readonly string[],
  tests: readonly PolicyTest[] = [ALLOWS, DENIES],
): ReleaseDocument {
  return { policies: policies.map((id) => ({ id, cedar: `text of ${id}` })), apis: [], claimed: {}, tests };
}

function live(document: ReleaseDocument, number = 7): FullRelease {
  const head = { author: BOB, message: '', publishedAt: 0, rollbackOf: null, isLive: true };
  return { ...head, number, document };
}

interface Situation {
  live?: FullRelease | null;
  ifLive?: number;
  document?: ReleaseDocument;
  authors?: readonly string[];
  rights?: readonly AdminRight[];
  isBroken?: boolean;
  locksOut?: boolean;
}

function portsOf({ rights = [], isBroken, locksOut }: Situation): PublishPorts {
  const problem = { policy: 'support', message: 'no', line: 1, column: 2, suggestion: null };
  return {
    compile: () => (isBroken ? { problems: [problem] } : { release: fakeRelease([SUPPORT]) }),
    touchesAdmin: (cedar) => cedar.includes('admin'),
    rights: {
      has: async (right) => rights.includes(right),
      demand: async (right) => {
        if (!rights.includes(right)) throw new AdminProblem('admin.forbidden', [], { right });
      },
    },
    keepsAdministration: () => !locksOut,
  };
}

const OLD = aRelease(['old']);
const NEW = aRelease(['support']);

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'approved';
  } catch (thrown) {
    if (thrown instanceof AdminProblem) return thrown.reason;
    throw thrown;
  }
}

const publish = (one: Situation): Promise<string> =>
  outcome(
    approvePublication(
      portsOf(one),
      { live: one.live === undefined ? live(OLD) : one.live, ifLive: one.ifLive ?? 7, publisher: ADA },
      { document: one.document ?? NEW, authors: one.authors ?? [BOB] },
    ),
  );

const rollBack = (one: Situation): Promise<string> =>
  outcome(
    approveRollback(
      portsOf(one),
      { live: live(OLD), ifLive: one.ifLive ?? 7, publisher: ADA },
      one.document ?? NEW,
    ),
  );

const { guard, publishOwn, publishUntested } = ADMIN_RIGHTS;

describe(approvePublication.name, () => {
  it.each<[string, Situation, string]>([
    ['lets a tested draft of somebody else go live', {}, 'approved'],
    ['lets the first release go live', { live: null, ifLive: 0 }, 'approved'],
    ['refuses when another release went live', { ifLive: 6 }, 'admin.precondition_failed'],
    ['refuses 0 when something is live', { ifLive: 0 }, 'admin.precondition_failed'],
    ['refuses a number when nothing is live', { live: null }, 'admin.precondition_failed'],
    ['refuses what is live already', { document: OLD }, 'admin.nothing_to_publish'],
    ['refuses what does not compile', { isBroken: true }, 'admin.invalid'],
    [
      'refuses a red test',
      { document: aRelease(['support'], [ALLOWS, DENIES, aTest('x', [], 'permit')]) },
      'admin.tests_fail',
    ],
    ['refuses a policy that no test allows', { document: aRelease(['support'], [DENIES]) }, 'admin.untested'],
    ['refuses a policy that no test denies', { document: aRelease(['support'], [ALLOWS]) }, 'admin.untested'],
    ['refuses a policy without tests', { document: aRelease(['support'], []) }, 'admin.untested'],
    [
      'lets untested policies go live with the right to',
      { document: aRelease(['support'], []), rights: [publishUntested] },
      'approved',
    ],
    [
      'asks for the guard when a policy over the admin API is new',
      { document: aRelease(['support', 'admin']) },
      'admin.forbidden',
    ],
    ['asks for the guard when one is gone', { live: live(aRelease(['admin'])) }, 'admin.forbidden'],
    [
      'asks for the guard in the first release too',
      { live: null, ifLive: 0, document: aRelease(['admin']) },
      'admin.forbidden',
    ],
    [
      'does not ask when it stays',
      { live: live(aRelease(['admin'])), document: aRelease(['admin', 'support']) },
      'approved',
    ],
    ['lets the guard change it', { document: aRelease(['admin']), rights: [guard] }, 'approved'],
    ['refuses the author', { authors: [BOB, ADA] }, 'admin.same_author'],
    ['lets the author publish with the right to', { authors: [ADA], rights: [publishOwn] }, 'approved'],
    ['takes a right for no other', { authors: [ADA], rights: [guard, publishUntested] }, 'admin.same_author'],
    [
      'P-15 refuses to lock everybody out',
      { locksOut: true, rights: [guard, publishOwn, publishUntested] },
      'admin.lockout',
    ],
    [
      'says first what comes first',
      { ifLive: 6, isBroken: true, locksOut: true },
      'admin.precondition_failed',
    ],
  ])('%s', async (_, situation, expected) => {
    expect(await publish(situation)).toBe(expected);
  });

  it('names what is wrong', async () => {
    const document = aRelease(['support'], [DENIES]);
    await expect(
      approvePublication(portsOf({}), { live: null, ifLive: 0, publisher: ADA }, { document, authors: [] }),
    ).rejects.toMatchObject({ errors: [{ policy: 'support', detail: 'has no allowing test that passes' }] });
  });
});

describe(approveRollback.name, () => {
  it.each<[string, Situation, string]>([
    ['does not ask for tests again', { document: aRelease(['support'], []) }, 'approved'],
    ['refuses when another release went live', { ifLive: 6 }, 'admin.precondition_failed'],
    ['refuses the content that is live', { document: OLD }, 'admin.nothing_to_publish'],
    ['refuses what no longer compiles', { isBroken: true }, 'admin.invalid'],
    ['asks for the guard', { document: aRelease(['admin']) }, 'admin.forbidden'],
    ['P-15 refuses to lock everybody out', { locksOut: true }, 'admin.lockout'],
  ])('%s', async (_, situation, expected) => {
    expect(await rollBack(situation)).toBe(expected);
  });
});
