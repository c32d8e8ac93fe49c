import {
  matchPath,
  readPathTemplate,
  type PolicyRequest,
  type PolicySource,
  type RegisteredDevice,
  type ReportedPosture,
  type ReleaseDocument,
} from '#core';
import fc from 'fast-check';

const ISSUERS = ['https://idp.example', 'https://other.example'];
const SUBJECTS = ['ada', 'bob'];
const GROUPS = ['support', 'leads', 'audit'];
const NOW = 1_736_937_000;

/** Conditions over every kind of attribute, each guarded as the validator wants it; two of them can overflow. */
const CONDITIONS = [
  'context.operation.method == "GET"',
  'context.operation.target_uri like "*42*"',
  'context.operation.path like "/orders*"',
  'context.operation.has_digest',
  'context.operation has content_type && context.operation.content_type == "application/json"',
  'context["operation"]["params"] has id && context.operation.params.id == "42"',
  'context.operation has params.invoice && context.operation.params.invoice like "4*"',
  'context.operation == context.operation && context.operation.has_digest',
  'context.device has key && context.device.key == "k1"',
  'context.device.known && context.device.owner_matches',
  'context.device has platform && context.device.platform == "macos"',
  'context.device has compliant && context.device.compliant',
  'context.device has posture_age && context.device.posture_age <= 300',
  'context.device has attested_by && context.device.attested_by == "https://mdm.example"',
  'context.device.facts.contains("disk_encrypted")',
  'context.network has ip && context.network.ip.isInRange(ip("10.0.0.0/8"))',
  'context has network.ip && context.network.ip.isIpv6()',
  'context.auth has acr && ["phr", "mfa"].contains(context.auth.acr)',
  'context.auth.amr.containsAny(["otp", "hwk"])',
  'context.actor has sub && context.actor.sub == "agent-7"',
  'context.actor.depth == 0',
  'context.auth has age && context.auth.age < 300',
  'context.auth has auth_time && context.auth.auth_time > 1736936000',
  '(if context.operation.has_digest then context.auth else context.auth) has acr',
  '(if context.operation.has_digest then context else context).auth has acr',
  'context.client.id == "web"',
  'context.time.hour_utc >= 9 && context.time.hour_utc < 17',
  'context.time.weekday_utc < 6',
  'context.time.now > 1736937000',
  'context.claimed has reason && context.claimed.reason != ""',
  'context.claimed has urgency && context.claimed.urgency * 4611686018427387904 > 7',
  'context.claimed has drill && context.claimed.drill',
  'context.time.now + context.time.hour_utc * 1000000000000000000 > 0',
  'principal has email && principal.email like "*@example.org"',
  'principal.iss == "https://idp.example"',
  'principal.sub == "ada"',
  'principal == User::"https://idp.example|ada"',
  '[User::"https://other.example|bob"].contains(principal)',
  'principal in Group::"leads"',
  'principal in [Group::"support", Group::"audit"]',
  'principal is User in Group::"audit"',
  'principal is Workload',
  'principal == Workload::"spiffe://prod.example/ns/pay/sa/biller"',
  'principal is Workload && [Workload::"spiffe://prod.example/ns/pay/sa/biller"].contains(principal)',
  'context.transaction has operation && context.transaction.operation == "orders.refund"',
  'context.transaction.workloads.contains("orders-api")',
  'context.transaction.depth < 2',
  'action in Action::"tag:read"',
  'action in [Action::"tag:money", Action::"orders.list"]',
  'action == Action::"billing.pay"',
  'resource == Api::"orders"',
  'resource is Api',
];

function someCondition(): fc.Arbitrary<string> {
  const one = fc.constantFrom(...CONDITIONS);
  return fc.oneof(
    { weight: 6, arbitrary: one },
    { weight: 1, arbitrary: one.map((a) => `!(${a})`) },
    { weight: 1, arbitrary: fc.tuple(one, one).map(([a, b]) => `(${a}) || (${b})`) },
    { weight: 1, arbitrary: fc.tuple(one, one, one).map(([a, b, c]) => `if ${a} then ${b} else ${c}`) },
  );
}

export function somePolicy({ apis }: ReleaseDocument, effect: 'permit' | 'forbid'): fc.Arbitrary<string> {
  const operations = apis.flatMap((api) => api.operations.map(({ id }) => id));
  const actions = [...operations, ...apis.map(({ id }) => `api:${id}`), 'tag:read', 'tag:write', 'tag:money'];
  const apiIds = apis.map(({ id }) => id);
  const principal = fc.oneof(
    { weight: 3, arbitrary: fc.constant('principal') },
    fc.constantFrom(...GROUPS.map((group) => `principal in Group::"${group}"`)),
    fc.constantFrom(
      'principal is User',
      'principal is User in Group::"leads"',
      'principal == User::"https://idp.example|ada"',
    ),
  );
  const action = fc.oneof(
    fc.constant('action'),
    fc.constantFrom(...operations).map((id) => `action == Action::"${id}"`),
    fc.constantFrom(...actions).map((id) => `action in Action::"${id}"`),
    fc
      .subarray(actions, { minLength: 1, maxLength: 3 })
      .map((ids) => `action in [${ids.map((id) => `Action::"${id}"`).join(', ')}]`),
  );
  const resource = fc.oneof(
    { weight: 2, arbitrary: fc.constant('resource') },
    fc.constantFrom(
      ...apiIds.flatMap((id) => [
        `resource == Api::"${id}"`,
        `resource in Api::"${id}"`,
        `resource is Api in Api::"${id}"`,
        'resource is Api',
      ]),
    ),
  );
  const clause = fc
    .tuple(fc.constantFrom('when', 'unless'), someCondition())
    .map(([kind, body]) => `${kind} { ${body} }`);
  return fc
    .tuple(principal, action, resource, fc.array(clause, { maxLength: 2 }))
    .map(([who, what, where, clauses]) => `${effect}(${who}, ${what}, ${where}) ${clauses.join(' ')};`);
}

/** Up to so many policies, of which most permit. */
export function somePolicies(document: ReleaseDocument, most = 8): fc.Arbitrary<readonly PolicySource[]> {
  const one = fc.oneof(
    { weight: 3, arbitrary: somePolicy(document, 'permit') },
    { weight: 1, arbitrary: somePolicy(document, 'forbid') },
  );
  return fc
    .array(one, { minLength: 1, maxLength: most, size: 'max' })
    .map((texts) => texts.map((cedar, at) => ({ id: `p${at}`, cedar })));
}

const somePosture = fc.option(
  fc.record({
    compliant: fc.constantFrom(true, false, null),
    facts: fc.subarray(['disk_encrypted', 'firewall']),
    ageSeconds: fc.constantFrom(0, 300, 301),
    attestedBy: fc.constantFrom('https://mdm.example', 'somebody'),
  }),
);

const someDevice = fc.option(
  fc.record({
    ownerMatches: fc.boolean(),
    platform: fc.constantFrom('macos', 'linux'),
    posture: somePosture,
  }),
);

type Made<Some> = Some extends fc.Arbitrary<infer Value> ? Value : never;

function deviceAt(device: Made<typeof someDevice>, time: number): { registered?: RegisteredDevice } {
  return device === null ? {} : { registered: { ...device, posture: postureAt(device.posture, time) } };
}

function attestedAt(posture: Made<typeof somePosture>, time: number): { attested?: ReportedPosture } {
  const attested = postureAt(posture, time);
  return attested === null ? {} : { attested };
}

function postureAt(posture: Made<typeof somePosture>, time: number): ReportedPosture | null {
  if (posture === null) return null;
  const { ageSeconds, ...reported } = posture;
  return { ...reported, learntAt: time - ageSeconds };
}

/** A request for an operation of the catalog, with everything that the context may hold or lack. */
const WORKLOAD = {
  issuer: 'spiffe://prod.example',
  subject: 'spiffe://prod.example/ns/pay/sa/biller',
  groups: [],
  email: null,
};

export function someRequest({ apis }: ReleaseDocument): fc.Arbitrary<PolicyRequest> {
  const operations = apis.flatMap((api) => api.operations.map((operation) => ({ api: api.id, operation })));
  const orNull = <Value>(...values: Value[]): fc.Arbitrary<Value | null> => fc.constantFrom(...values, null);
  return fc
    .record({
      of: fc.constantFrom(...operations),
      parameter: fc.constantFrom('42', '43'),
      issuer: fc.constantFrom(...ISSUERS),
      isWorkload: fc.boolean(),
      subject: fc.constantFrom(...SUBJECTS),
      groups: fc.subarray([...GROUPS, 'nobody-asks']),
      email: orNull('ada@example.org', 'bob@elsewhere.org'),
      hasDigest: fc.boolean(),
      contentType: orNull('application/json', 'text/plain'),
      key: orNull('k1', 'k2'),
      registered: someDevice,
      attested: somePosture,
      ip: orNull('10.1.2.3', '192.0.2.7', '2001:db8::1'),
      acr: orNull('phr', 'mfa', 'pwd'),
      amr: fc.subarray(['pwd', 'otp', 'hwk']),
      age: orNull(10, 299, 300, 10_000),
      time: fc.constantFrom(NOW, NOW + 1, NOW + 9 * 3600, NOW + 4 * 86_400),
      client: fc.constantFrom('web', 'cli'),
      actor: orNull({ issuer: 'https://idp.example', subject: 'agent-7', depth: 1 }),
      transaction: orNull(
        { operation: 'orders.refund', workloads: ['orders-api'], depth: 1 },
        { operation: 'billing.pay', workloads: ['orders-api', 'biller'], depth: 2 },
      ),
      claimed: fc.record(
        { reason: fc.constantFrom('', 'broken'), urgency: fc.constantFrom(0, 1, 2), drill: fc.boolean() },
        { requiredKeys: [] },
      ),
    })
    .map((made) => {
      const { id, method, path: template } = made.of.operation;
      const path = template.replaceAll(/\{[^}]+\}/g, made.parameter);
      const read = readPathTemplate(template);
      return {
        principal: made.isWorkload
          ? WORKLOAD
          : { issuer: made.issuer, subject: made.subject, groups: made.groups, email: made.email },
        action: id,
        resource: made.of.api,
        context: {
          operation: {
            method,
            targetUri: `https://api.example${path}`,
            path,
            parameters: (read === null ? null : matchPath(read, path)) ?? {},
            hasDigest: made.hasDigest,
            contentType: made.contentType,
          },
          device: {
            keyThumbprint: made.key,
            ...deviceAt(made.registered, made.time),
            ...attestedAt(made.attested, made.time),
          },
          network: { ip: made.ip },
          auth: { acr: made.acr, amr: made.amr, authTime: made.age === null ? null : made.time - made.age },
          client: { id: made.client },
          actor: made.actor,
          ...(made.transaction === null ? {} : { transaction: made.transaction }),
          time: made.time,
          claimed: made.claimed,
        },
      };
    });
}
