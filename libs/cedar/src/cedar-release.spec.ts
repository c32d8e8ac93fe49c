import type { PolicyRequest, PolicyVerdict } from '#core';
import { CedarCompiler } from './cedar-compiler.ts';
import type { CedarRelease } from './cedar-release.ts';
import { PreparsedSlots } from './preparsed-slots.ts';
import { aDocument, aRequest } from './testing/a-document.ts';

const compiler = new CedarCompiler(new PreparsedSlots('release-spec-'));

function releaseOf(...texts: string[]): Pick<CedarRelease, 'evaluate' | 'refersTo'> {
  const compiled = compiler.compile(
    1,
    aDocument({ policies: texts.map((cedar, at) => ({ id: `p${at}`, cedar })) }),
  );
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  return compiled.release;
}

const permits = (condition: string, request: PolicyRequest): boolean =>
  releaseOf(`permit(principal, action, resource) when { ${condition} };`).evaluate(request).effect ===
  'permit';

const denied: PolicyVerdict = { effect: 'deny', determining: [], failed: false };
const failed: PolicyVerdict = { effect: 'deny', determining: [], failed: true };

describe('a release', () => {
  it.each<{ name: string; condition: string; context?: Partial<PolicyRequest['context']> }>([
    {
      name: 'the issuer and the subject',
      condition: 'principal == User::"https://idp.example|ada" && principal.sub == "ada"',
    },
    { name: 'the groups', condition: 'principal in Group::"support" && !(principal in Group::"leads")' },
    { name: 'the e-mail address', condition: 'principal has email && principal.email == "ada@example.org"' },
    {
      name: 'the operation',
      condition:
        'context.operation.method == "GET" && context.operation.path == "/orders/42" && context.operation.target_uri == "https://api.example/orders/42"',
    },
    {
      name: 'a path parameter',
      condition: 'context.operation.params has id && context.operation.params.id == "42"',
    },
    {
      name: 'that there is no digest and no content type',
      condition: '!context.operation.has_digest && !(context.operation has content_type)',
    },
    {
      name: 'the key of the device',
      condition: 'context.device has key && context.device.key == "thumbprint"',
    },
    {
      name: 'the address',
      condition: 'context.network has ip && context.network.ip.isInRange(ip("192.0.2.0/24"))',
    },
    {
      name: 'an IPv4 address in IPv6 clothes',
      condition: 'context.network has ip && context.network.ip.isInRange(ip("10.0.0.0/8"))',
      context: { network: { ip: '::ffff:10.1.2.3' } },
    },
    {
      name: 'that there is no address',
      condition: '!(context.network has ip)',
      context: { network: { ip: null } },
    },
    {
      name: 'how one signed in',
      condition:
        'context.auth has acr && context.auth.acr == "phr" && context.auth.amr.containsAll(["pwd", "otp"])',
    },
    {
      name: 'when one signed in',
      condition:
        'context.auth has auth_time && context.auth.auth_time == 1736936940 && context.auth has age && context.auth.age == 60',
    },
    {
      name: 'a sign-in by a clock that runs ahead',
      condition: 'context.auth has age && context.auth.age == 0',
      context: { auth: { acr: null, amr: [], authTime: 1_736_937_005 } },
    },
    { name: 'the client', condition: 'context.client.id == "web"' },
    {
      name: 'the time: a Wednesday, half past ten',
      condition:
        'context.time.now == 1736937000 && context.time.hour_utc == 10 && context.time.weekday_utc == 3',
    },
    {
      name: 'a Sunday at midnight',
      condition: 'context.time.hour_utc == 0 && context.time.weekday_utc == 7',
      context: { time: 1_737_244_800 },
    },
    {
      name: 'a Monday at 23:59:59',
      condition: 'context.time.hour_utc == 23 && context.time.weekday_utc == 1',
      context: { time: 1_737_417_599 },
    },
    {
      name: 'what is claimed',
      condition:
        'context.claimed has reason && context.claimed.reason == "broken" && context.claimed has urgency && context.claimed.urgency == 3 && context.claimed has drill && context.claimed.drill',
      context: { claimed: { reason: 'broken', urgency: 3, drill: true } },
    },
    { name: 'the whole of a record', condition: 'context.auth == context.auth && context.auth has acr' },
  ])('lets policies see $name', ({ condition, context = {} }) => {
    expect(permits(condition, aRequest({}, context))).toBe(true);
    expect(permits(`!(${condition})`, aRequest({}, context))).toBe(false);
  });

  it.each<{ name: string; request: PolicyRequest; verdict: PolicyVerdict }>([
    {
      name: 'an operation that is not in the catalog',
      request: aRequest({ action: 'orders.delete' }),
      verdict: denied,
    },
    {
      name: 'a group that is asked for as an operation',
      request: aRequest({ action: 'tag:read' }),
      verdict: denied,
    },
    { name: 'an API that is not in the catalog', request: aRequest({ resource: 'shop' }), verdict: denied },
    { name: "another API's operation", request: aRequest({ resource: 'billing' }), verdict: denied },
    {
      name: 'the name of something that every object has',
      request: aRequest({ resource: 'constructor', action: '__proto__' }),
      verdict: denied,
    },
    {
      name: 'an issuer that could pass for another with its subject',
      request: aRequest({ principal: { issuer: 'https://idp|x', subject: 'y', groups: [], email: null } }),
      verdict: failed,
    },
    {
      name: 'a claim of another type',
      request: aRequest({}, { claimed: { urgency: 1.5 } }),
      verdict: failed,
    },
  ])('denies $name', ({ request, verdict }) => {
    expect(releaseOf('permit(principal, action, resource);').evaluate(request)).toEqual(verdict);
  });

  it('does not look at claims that it does not know', () => {
    const request = aRequest({}, { claimed: { nonsense: 0.5 } });
    expect(releaseOf('permit(principal, action, resource);').evaluate(request).effect).toBe('permit');
  });

  it('denies everything when a forbid fails, which Cedar itself would skip', () => {
    const overflow = 'context.claimed has urgency && context.claimed.urgency * 9223372036854775807 > 0';
    const release = releaseOf(
      'permit(principal, action, resource);',
      `forbid(principal, action, resource) when { ${overflow} };`,
    );
    expect(release.evaluate(aRequest()).effect).toBe('permit');
    expect(release.evaluate(aRequest({}, { claimed: { urgency: 2 } }))).toEqual(failed);
    expect(release.evaluate(aRequest()).effect).toBe('permit');
  });

  it.each(['not an address', 'fe80::1%eth0', ''])(
    'denies as failed what Cedar cannot read: address "%s"',
    (ip) => {
      const release = releaseOf(
        'permit(principal, action, resource);',
        'forbid(principal, action, resource) when { context.network has ip && context.network.ip.isLoopback() };',
      );
      expect(release.evaluate(aRequest({}, { network: { ip } }))).toEqual(failed);
    },
  );

  it('denies as failed half a character in a name', () => {
    const release = releaseOf('permit(principal, action, resource) when { principal.sub != "eve" };');
    const principal = { issuer: 'https://idp.example', subject: 'eve\uD800', groups: [], email: null };
    expect(release.evaluate(aRequest({ principal }))).toEqual(failed);
  });

  it('names the permits that matched, or the forbids, sorted', () => {
    const all = '(principal, action, resource)';
    const release = releaseOf(
      `permit${all};`,
      `permit${all};`,
      `permit${all} when { context.client.id == "cli" };`,
      `forbid${all} when { context.client.id == "bad" };`,
    );
    expect(release.evaluate(aRequest())).toEqual({
      effect: 'permit',
      determining: ['p0', 'p1'],
      failed: false,
    });
    expect(release.evaluate(aRequest({}, { client: { id: 'bad' } }))).toEqual({
      effect: 'deny',
      determining: ['p3'],
      failed: false,
    });
  });

  it.each<{ when: string; paths: Record<string, boolean> }>([
    {
      when: 'context.operation.params.id == "1"',
      paths: { 'operation.params': true, 'operation.path': false },
    },
    { when: 'context.operation has content_type', paths: { 'operation.content_type': true } },
    {
      when: 'context.operation == context.operation',
      paths: { 'operation.params': true, 'operation.path': true },
    },
    {
      when: 'context.client.id == "web"',
      paths: { 'operation.params': false, 'operation.target_uri': false },
    },
  ])('knows what policies look at: $when', ({ when, paths }) => {
    const release = releaseOf(
      `forbid(principal, action == Action::"orders.read", resource) when { ${when} };`,
      'permit(principal, action == Action::"orders.list", resource);',
    );
    for (const [path, expected] of Object.entries(paths)) {
      expect(release.refersTo('orders.read', path)).toBe(expected);
      expect(release.refersTo('orders.list', path)).toBe(false);
    }
    expect(release.refersTo('orders.burn', 'operation.params')).toBe(false);
  });

  it('remembers no verdict for another question', () => {
    const release = releaseOf(
      'permit(principal in Group::"support", action == Action::"orders.read", resource);',
    );
    const principal = { issuer: 'https://idp.example', subject: 'ada', groups: ['other'], email: null };
    for (let round = 0; round < 3; round++) {
      expect(release.evaluate(aRequest()).effect).toBe('permit');
      expect(release.evaluate(aRequest({ action: 'orders.list' })).effect).toBe('deny');
      expect(release.evaluate(aRequest({ principal })).effect).toBe('deny');
    }
  });
});
