import { CedarCompiler } from '#cedar';
import { diffReleases, isEmptyDiff, runPolicyTests, type ReleaseDocument } from '#core';
import { endOfProbe, newProbeName, withoutProbes, withProbe } from './probe-operation.ts';

const NOW = 1_800_000_000;
const RELEASE: ReleaseDocument = {
  policies: [],
  apis: [{ id: 'orders', operations: [{ id: 'orders.list', method: 'GET', path: '/orders', tags: [] }] }],
  claimed: {},
  tests: [],
};

const probeOf = (api: string, subject = 'ada') => ({
  ...{ name: newProbeName(NOW), api, path: '/v1/probe', issuer: 'https://idp.example', subject },
});
const isSame = (one: ReleaseDocument, other: ReleaseDocument): boolean =>
  isEmptyDiff(diffReleases(one, other));

describe('the operations of a probe', () => {
  it.each(['ada', 'Ада "\\" \n{}', '\u{1f511}'])(
    'compile for %j, and both tests of the policy pass',
    (subject) => {
      const document = withProbe(RELEASE, probeOf('orders', subject));
      const compiled = new CedarCompiler().compile(1, document);
      if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
      const report = runPolicyTests(compiled.release, document.tests ?? []);
      expect(report.results.map(({ passed }) => passed)).toEqual([true, true]);
      expect(report.passed).toBe(true);
    },
  );

  it.each(['orders', 'new'])('go again without a trace from the API %s', (api) => {
    const probe = probeOf(api);
    const document = withProbe(RELEASE, probe);
    expect(isSame(document, RELEASE)).toBe(false);
    expect(
      isSame(
        withoutProbes(document, () => false),
        document,
      ),
    ).toBe(true);
    expect(
      isSame(
        withoutProbes(document, (name) => name === probe.name),
        RELEASE,
      ),
    ).toBe(true);
  });

  it('leave those of another probe alone', () => {
    const [ours, other] = [probeOf('orders'), probeOf('orders')];
    const both = withProbe(withProbe(RELEASE, other), ours);
    const left = withoutProbes(both, (name) => name === ours.name);
    expect(isSame(left, withProbe(RELEASE, other))).toBe(true);
  });
});

it.each<[string, number | null]>([
  [newProbeName(NOW), NOW + 600],
  [`${newProbeName(NOW)}.read`, NOW + 600],
  ['oncekey-probe', null],
  ['orders.read', null],
])('%s is over at %s', (name, end) => {
  expect(endOfProbe(name)).toBe(end);
});
