import {
  cedarSchemaOf,
  groupsOfOperation,
  strictest,
  type Obligations,
  type PolicyRequest,
  type PolicySource,
  type PolicyVerdict,
  type ReleaseDocument,
} from '#core';
import { preparseSchema } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { CedarCompiler } from './cedar-compiler.ts';
import { preparsePolicySet, statefulIsAuthorized, type CedarValueJson, type EntityJson } from './engine.ts';
import { PreparsedSlots } from './preparsed-slots.ts';
import { aDocument, aRequest } from './testing/a-document.ts';
import { somePolicies, somePolicy, someRequest } from './testing/some-policies.ts';

const DOCUMENT = aDocument();
preparseSchema('law', cedarSchemaOf(DOCUMENT.apis, DOCUMENT.claimed));
const compiler = new CedarCompiler(new PreparsedSlots('law-'));

/** Compiles what can be compiled: chance also makes policies that can never apply. */
function compileSome(policies: readonly PolicySource[]): {
  evaluate(request: PolicyRequest): PolicyVerdict;
  policies: readonly PolicySource[];
} {
  const compiled = compiler.compile(1, { ...DOCUMENT, policies });
  if ('release' in compiled) return { evaluate: (request) => compiled.release.evaluate(request), policies };
  const bad = new Set(compiled.problems.map(({ policy }) => policy));
  const good = policies.filter(({ id }) => !bad.has(id));
  if (good.length === policies.length) throw new Error(JSON.stringify(compiled.problems));
  return compileSome(good);
}

/** Puts all policies, unsliced, where `plainVerdict` asks them. */
function preparePlain(policies: readonly PolicySource[]): void {
  const staticPolicies = Object.fromEntries(policies.map(({ id, cedar }) => [id, cedar]));
  const answer = preparsePolicySet('law-plain', { staticPolicies });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
}

const present = (record: Record<string, CedarValueJson>): Record<string, CedarValueJson> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));

function deviceOf({ device: { keyThumbprint, registered, attested }, time }: PolicyRequest['context']) {
  const posture = attested ?? registered?.posture ?? null;
  return present({
    key: keyThumbprint,
    known: registered !== undefined,
    owner_matches: registered?.ownerMatches ?? false,
    platform: registered?.platform ?? null,
    compliant: posture === null ? null : posture.compliant,
    attested_by: posture === null ? null : posture.attestedBy,
    posture_age: posture === null ? null : time - posture.learntAt,
    facts: posture === null ? [] : [...posture.facts],
  });
}

/**
 * What Cedar says when it is asked in the plain way: all policies at once, the whole request, everybody's entities,
 * the request checked against the schema. Shares no code with the slices.
 */
function plainVerdict({ principal, action, resource, context }: PolicyRequest): PolicyVerdict {
  const { operation, auth, time } = context;
  const user = principal.issuer.startsWith('spiffe:')
    ? { type: 'Workload', id: principal.subject }
    : { type: 'User', id: `${principal.issuer}|${principal.subject}` };
  const date = new Date(time * 1000);
  const actions: EntityJson[] = DOCUMENT.apis.flatMap((api) =>
    api.operations.map((one) => ({
      uid: { type: 'Action', id: one.id },
      attrs: {},
      parents: groupsOfOperation(api.id, one).map((id) => ({ type: 'Action', id })),
    })),
  );
  const answer = statefulIsAuthorized({
    principal: user,
    action: { type: 'Action', id: action },
    resource: { type: 'Api', id: resource },
    context: {
      operation: present({
        method: operation.method,
        target_uri: operation.targetUri,
        path: operation.path,
        params: { ...operation.parameters },
        has_digest: operation.hasDigest,
        content_type: operation.contentType,
      }),
      device: deviceOf(context),
      network: present({
        ip: context.network.ip === null ? null : { __extn: { fn: 'ip', arg: context.network.ip } },
      }),
      auth: present({
        acr: auth.acr,
        amr: [...auth.amr],
        auth_time: auth.authTime,
        age: auth.authTime === null ? null : time - auth.authTime,
      }),
      client: { id: context.client.id },
      actor: present({
        iss: context.actor?.issuer ?? null,
        sub: context.actor?.subject ?? null,
        depth: context.actor?.depth ?? 0,
      }),
      transaction: present({
        operation: context.transaction?.operation ?? null,
        workloads: [...(context.transaction?.workloads ?? [])],
        depth: context.transaction?.depth ?? 0,
      }),
      time: { now: time, hour_utc: date.getUTCHours(), weekday_utc: date.getUTCDay() || 7 },
      claimed: { ...context.claimed },
    },
    preparsedSchemaName: 'law',
    validateRequest: true,
    preparsedPolicySetId: 'law-plain',
    entities: [
      {
        uid: user,
        attrs: present({ iss: principal.issuer, sub: principal.subject, email: principal.email }),
        parents: principal.groups.map((id) => ({ type: 'Group', id })),
      },
      ...actions,
    ],
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) return { effect: 'deny', determining: [], failed: true };
  return {
    effect: decision === 'allow' ? 'permit' : 'deny',
    determining: diagnostics.reason.toSorted(),
    failed: false,
  };
}

const requests = fc.array(someRequest(DOCUMENT), { minLength: 10, maxLength: 10 });

describe('the permit law', () => {
  it('a slice, asked leanly, says what all policies say to the whole request', () => {
    const seen = { permit: 0, forbid: 0, none: 0, failed: 0 };
    fc.assert(
      // So many that slices are cut by operation, too.
      fc.property(somePolicies(DOCUMENT, 30), requests, (policies, asked) => {
        const release = compileSome(policies);
        preparePlain(release.policies);
        for (const request of asked) {
          const expected = plainVerdict(request);
          expect(release.evaluate(request)).toEqual(expected);
          // A second time, when it may be remembered.
          expect(release.evaluate(request)).toEqual(expected);
          if (expected.failed) seen.failed++;
          else if (expected.effect === 'permit') seen.permit++;
          else if (expected.determining.length > 0) seen.forbid++;
          else seen.none++;
        }
      }),
      { numRuns: 50 },
    );
    // Chance must have shown all four, or the law was hardly tried.
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(5);
  });

  it('one more forbid never permits more', () => {
    fc.assert(
      fc.property(
        somePolicies(DOCUMENT),
        somePolicy(DOCUMENT, 'forbid'),
        requests,
        (policies, cedar, asked) => {
          const before = compileSome(policies);
          const after = compileSome([...before.policies, { id: 'one-more', cedar }]);
          for (const request of asked) {
            if (after.evaluate(request).effect === 'permit')
              expect(before.evaluate(request).effect).toBe('permit');
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('without a permit nothing is permitted', () => {
    const forbids: ReleaseDocument['policies'] = [
      { id: 'f', cedar: 'forbid(principal, action == Action::"orders.refund", resource);' },
    ];
    fc.assert(
      fc.property(someRequest(DOCUMENT), (request) => {
        expect(compileSome(forbids).evaluate(request).effect).toBe('deny');
      }),
      { numRuns: 20 },
    );
    expect(compileSome([]).evaluate(aRequest())).toEqual({ effect: 'deny', determining: [], failed: false });
  });
});

describe('strictest obligations', () => {
  const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
    fc.option(value, { nil: undefined });
  const obligations: fc.Arbitrary<Obligations> = fc
    .record({
      ttlSeconds: optional(fc.integer({ min: 1, max: 300 })),
      uses: optional(fc.integer({ min: 1, max: 16 })),
      digestRequired: optional(fc.constant(true as const)),
      acrValues: optional(fc.subarray(['phr', 'phrh', 'mfa'], { minLength: 1 })),
      maxAuthAgeSeconds: optional(fc.integer({ min: 1, max: 10_000 })),
      proofRequired: optional(fc.constant(true as const)),
    })
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)));

  const isAsStrict = (a: Obligations, b: Obligations): boolean =>
    (['ttlSeconds', 'uses', 'maxAuthAgeSeconds'] as const).every(
      (name) => b[name] === undefined || (a[name] ?? Infinity) <= b[name],
    ) &&
    (!b.digestRequired || a.digestRequired === true) &&
    (!b.proofRequired || a.proofRequired === true) &&
    (b.acrValues === undefined || (a.acrValues?.every((acr) => b.acrValues?.includes(acr)) ?? false));

  it('one more permit never makes them looser', () => {
    fc.assert(
      fc.property(fc.array(obligations, { maxLength: 5 }), obligations, (all, one) => {
        const together = strictest([...all, one]);
        expect(isAsStrict(together, strictest(all))).toBe(true);
        expect(isAsStrict(together, one)).toBe(true);
      }),
    );
  });

  it('do not depend on the order of the permits', () => {
    fc.assert(
      fc.property(fc.array(obligations, { maxLength: 5 }), (all) => {
        const sorted = ({ acrValues, ...rest }: Obligations): unknown => ({
          ...rest,
          acrValues: acrValues?.toSorted(),
        });
        expect(sorted(strictest(all))).toEqual(sorted(strictest(all.toReversed())));
      }),
    );
  });
});
