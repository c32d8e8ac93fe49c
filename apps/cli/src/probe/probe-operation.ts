import type { CatalogOperation, PolicyTest, ReleaseDocument } from '#core';
import { randomBytes } from 'node:crypto';

/** What a probe adds to a release: two operations that nobody else asks for, and who may ask for them how long. */
export interface ProbeOperation {
  /** Of the client and the policy, and before the operations: `oncekey-probe-<end, epoch seconds>-<random>`. */
  readonly name: string;
  /** Id of the resource server. */
  readonly api: string;
  /** Template of both operations, below the resource server's identifier. */
  readonly path: string;
  /** Whoever probes. */
  readonly issuer: string;
  readonly subject: string;
}

/** A probe that was not taken away is over by then: its policy permits nothing any more. */
const LASTS_SECONDS = 600;
const NAME = /^oncekey-probe-([0-9]{10})-[0-9a-f]{8}/;

/** In  nowSeconds  epoch seconds */
export function newProbeName(nowSeconds: number): string {
  return `oncekey-probe-${nowSeconds + LASTS_SECONDS}-${randomBytes(4).toString('hex')}`;
}

/** Epoch seconds at which what is called so is over; null when no probe made it. */
export function endOfProbe(name: string): number | null {
  const end = NAME.exec(name)?.[1];
  return end === undefined ? null : Number(end);
}

/** The release with the probe's operations, its policy, and a test of it either way. */
export function withProbe(document: ReleaseDocument, probe: ProbeOperation): ReleaseDocument {
  const { name, api, path } = probe;
  const operations: readonly CatalogOperation[] = [
    { id: `${name}.read`, method: 'GET', path, tags: [] },
    { id: `${name}.write`, method: 'POST', path, tags: [] },
  ];
  const isThere = document.apis.some(({ id }) => id === api);
  const apis = isThere ? document.apis : [...document.apis, { id: api, operations: [] }];
  return {
    ...document,
    apis: apis.map((one) =>
      one.id === api ? { ...one, operations: [...one.operations, ...operations] } : one,
    ),
    policies: [...document.policies, { id: name, cedar: policyOf(probe) }],
    tests: [...(document.tests ?? []), ...testsOf(probe)],
  };
}

/** The release without the probes that `isGone` says so of, by name; an API that has no operation left goes too. */
export function withoutProbes(document: ReleaseDocument, isGone: (name: string) => boolean): ReleaseDocument {
  const stays = ({ id }: { id: string }): boolean => {
    const [name] = NAME.exec(id) ?? [];
    return name === undefined || !isGone(name);
  };
  return {
    ...document,
    apis: document.apis.flatMap((one) => {
      const operations = one.operations.filter(stays);
      return operations.length === 0 && one.operations.length > 0 ? [] : [{ ...one, operations }];
    }),
    policies: document.policies.filter(stays),
    tests: (document.tests ?? []).filter(stays),
  };
}

function policyOf({ name, api, subject }: ProbeOperation): string {
  return `@id("${name}")
@ttl("120")
permit (
  principal,
  action in [Action::"${name}.read", Action::"${name}.write"],
  resource == Api::"${api}"
)
when
{
  principal.sub == ${cedarString(subject)} &&
  context.client.id == "${name}" &&
  context.time.now < ${endOfProbe(name)}
};
`;
}

function testsOf({ name, issuer, subject }: ProbeOperation): readonly PolicyTest[] {
  const end = endOfProbe(name) ?? 0;
  const asked = (id: string, time: number, decision: 'permit' | 'deny'): PolicyTest => ({
    id: `${name}-${id}`,
    name: `a probe ${id} it ends`,
    principal: { issuer, subject, groups: [] },
    operation: `${name}.read`,
    client: name,
    device_key: 'probe',
    time: new Date(time * 1000).toISOString().replace('.000Z', 'Z'),
    expect: { decision },
  });
  return [asked('before', end - 1, 'permit'), asked('after', end, 'deny')];
}

/** Cedar has escapes of its own. */
function cedarString(text: string): string {
  const escaped = text.replaceAll(/[^ !#-[\]-~]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
  return `"${escaped}"`;
}
