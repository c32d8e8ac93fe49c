import { ROLES, type RoleBinding } from '../administration/roles.ts';
import { SEVERITY_WEIGHTS, STANDING_RULES, standingPrivilege } from './standing-privilege.ts';
import type { Severity, StandingInput, StandingPolicy } from './standing-report.ts';

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const jwks = { keys: [] };
const ada = { issuer: 'https://idp.example', subject: 'ada' };

const policy: StandingPolicy = {
  id: 'support',
  effect: 'permit',
  operations: ['orders.refund'],
  name: null,
  description: null,
  owner: null,
  permitsEverybody: false,
  unscopedAction: false,
  ttlSeconds: null,
  isBreakGlass: false,
};
const provider = { id: 'corp', issuer: 'https://idp.example', max_age_seconds: 3600 };
const client = { client_id: 'desk', jwks, identity_providers: [], resource_servers: [] };
const server = { id: 'orders', client_id: 'orders-api', jwks, resource: 'https://api.example' };
/** Its caller tokens are bound to its certificate. */
const CERTIFIED = {
  id: 'ledger',
  client_id: 'ledger-api',
  resource: 'https://ledger.example',
  caller_tokens: true,
  self_signed_tls_client_auth: { certificate_thumbprints: ['x'] },
};
const binding: RoleBinding = { id: 'ada-auditor', role: 'auditor', holder: ada };
const all = (holder: RoleBinding['holder']): RoleBinding[] =>
  ROLES.map((role) => ({ id: `all-${role}`, role, holder }));

/** An installation that has one of everything, each exactly at the limit of what is fine. */
const clean: StandingInput = {
  now: NOW,
  identityProviders: [provider],
  clients: [{ document: { ...client, max_assertion_seconds: 600 }, updatedAt: NOW - 90 * DAY_MS }],
  resourceServers: [server, { ...server, id: 'billing', proof: 'dpop', binding: 'enforced' }, CERTIFIED],
  devices: [{ id: 'laptop', attestedAt: NOW - 30 * DAY_MS }],
  roleBindings: [
    binding,
    ...all(ada)
      .slice(1)
      .map((one) => ({ ...one, holder: { ...ada, subject: 'eve' } })),
  ],
  policies: [
    policy,
    { ...policy, id: 'slow', ttlSeconds: 60 },
    { ...policy, id: 'no', effect: 'forbid', permitsEverybody: true, unscopedAction: true, ttlSeconds: 300 },
  ],
  enrolments: [{ purpose: 'break_glass', expiresAt: NOW }],
};

interface Case {
  name: string;
  changes: Partial<StandingInput>;
  rule: string;
  severity: Severity;
  subject: string;
}

const CASES: readonly Case[] = [
  {
    name: 'a gateway that is believed by its network',
    changes: {
      resourceServers: [{ ...server, forward_auth: { from: ['10.0.3.0/24'], dialect: 'original' } }],
    },
    rule: 'believed-network',
    severity: 'low',
    subject: 'resource-servers/orders',
  },
  {
    name: 'a resource server that takes bearer tokens',
    changes: { resourceServers: [server, { ...server, id: 'old', proof: 'none' }] },
    rule: 'bearer-tokens',
    severity: 'high',
    subject: 'resource-servers/old',
  },
  {
    name: 'a resource server that has caller tokens which are bound to nothing',
    changes: { resourceServers: [{ ...server, caller_tokens: true }] },
    rule: 'caller-tokens',
    severity: 'low',
    subject: 'resource-servers/orders',
  },
  {
    name: 'a resource server for which its platform vouches',
    changes: {
      resourceServers: [{ ...server, federation: { issuer: 'https://c.example', claims: { sub: 'x' } } }],
    },
    rule: 'copied-workload-tokens',
    severity: 'low',
    subject: 'resource-servers/orders',
  },
  {
    name: 'a resource server that checks the binding itself',
    changes: { resourceServers: [{ ...server, binding: 'self' }] },
    rule: 'self-checked-binding',
    severity: 'low',
    subject: 'resource-servers/orders',
  },
  {
    name: 'an identity provider whose maximum age nobody decided',
    changes: { identityProviders: [{ id: 'corp', issuer: 'https://idp.example' }] },
    rule: 'provider-max-age',
    severity: 'low',
    subject: 'identity-providers/corp',
  },
  {
    name: 'an identity provider whose ID tokens may be old',
    changes: { identityProviders: [{ ...provider, max_age_seconds: 3601 }] },
    rule: 'provider-max-age',
    severity: 'medium',
    subject: 'identity-providers/corp',
  },
  {
    name: 'a client with keys of a season ago',
    changes: { clients: [{ document: client, updatedAt: NOW - 90 * DAY_MS - 1 }] },
    rule: 'pinned-keys',
    severity: 'medium',
    subject: 'clients/desk',
  },
  {
    name: 'a client whose assertions name endpoints',
    changes: { clients: [{ document: { ...client, legacy_audience: true }, updatedAt: NOW }] },
    rule: 'legacy-audience',
    severity: 'medium',
    subject: 'clients/desk',
  },
  {
    name: 'a resource server whose assertions name endpoints',
    changes: { resourceServers: [{ ...server, legacy_audience: true }] },
    rule: 'legacy-audience',
    severity: 'medium',
    subject: 'resource-servers/orders',
  },
  {
    name: 'a client with assertions that live long',
    changes: { clients: [{ document: { ...client, max_assertion_seconds: 601 }, updatedAt: NOW }] },
    rule: 'long-assertions',
    severity: 'medium',
    subject: 'clients/desk',
  },
  {
    name: 'a device that was never attested',
    changes: { devices: [{ id: 'laptop', attestedAt: null }] },
    rule: 'stale-attestation',
    severity: 'medium',
    subject: 'devices/laptop',
  },
  {
    name: 'a device that was not attested again',
    changes: { devices: [{ id: 'laptop', attestedAt: NOW - 30 * DAY_MS - 1 }] },
    rule: 'stale-attestation',
    severity: 'low',
    subject: 'devices/laptop',
  },
  {
    name: 'a permit for everybody',
    changes: { policies: [{ ...policy, permitsEverybody: true }] },
    rule: 'wildcard-permit',
    severity: 'medium',
    subject: 'policies/support',
  },
  {
    name: 'a permit of everything',
    changes: { policies: [{ ...policy, unscopedAction: true }] },
    rule: 'wildcard-permit',
    severity: 'high',
    subject: 'policies/support',
  },
  {
    name: 'a permit of everything for everybody',
    changes: { policies: [{ ...policy, permitsEverybody: true, unscopedAction: true }] },
    rule: 'wildcard-permit',
    severity: 'critical',
    subject: 'policies/support',
  },
  {
    name: 'a permit of tokens that live long',
    changes: { policies: [{ ...policy, ttlSeconds: 61 }] },
    rule: 'long-lifetime',
    severity: 'medium',
    subject: 'policies/support',
  },
  {
    name: 'a policy for emergencies',
    changes: { policies: [{ ...policy, isBreakGlass: true }] },
    rule: 'break-glass-policy',
    severity: 'high',
    subject: 'policies/support',
  },
  {
    name: 'a role for a group',
    changes: { roleBindings: [{ ...binding, holder: { group: 'corp:ops' } }] },
    rule: 'role-for-group',
    severity: 'medium',
    subject: 'role-bindings/ada-auditor',
  },
  {
    name: 'the strongest role for a group',
    changes: { roleBindings: [{ ...binding, role: 'security-admin', holder: { group: 'corp:ops' } }] },
    rule: 'role-for-group',
    severity: 'high',
    subject: 'role-bindings/ada-auditor',
  },
  {
    name: 'a person with all roles',
    changes: { roleBindings: [binding, ...all(ada)] },
    rule: 'all-roles-in-one-hand',
    severity: 'high',
    subject: 'role-holders/https://idp.example|ada',
  },
  {
    name: 'an enrolment link that works',
    changes: { enrolments: [{ purpose: 'break_glass', expiresAt: NOW + 1 }] },
    rule: 'open-enrolment',
    severity: 'critical',
    subject: 'enrolments/break_glass',
  },
];

describe('standingPrivilege', () => {
  it('finds nothing where nothing stands', () => {
    expect(standingPrivilege(clean)).toEqual({ score: 0, findings: [] });
  });

  it('finds nothing where nothing is', () => {
    const empty = { identityProviders: [], clients: [], resourceServers: [], devices: [] };
    expect(
      standingPrivilege({ ...empty, now: NOW, roleBindings: [], policies: [], enrolments: [] }).score,
    ).toBe(0);
  });

  it.each(CASES)('finds $name, and nothing else', ({ changes, rule, severity, subject }) => {
    const { score, findings } = standingPrivilege({ ...clean, ...changes });
    expect(findings).toEqual([
      { rule, severity, subject, why: expect.any(String) as unknown, remedy: expect.any(String) as unknown },
    ]);
    expect(score).toBe(SEVERITY_WEIGHTS[severity]);
  });

  it('has a case for each rule', () => {
    expect(new Set(CASES.map(({ rule }) => rule))).toEqual(new Set(Object.keys(STANDING_RULES)));
  });

  it('takes a group with all roles for one hand too', () => {
    const { findings } = standingPrivilege({ ...clean, roleBindings: all({ group: 'corp:ops' }) });
    expect(findings.map(({ rule }) => rule)).toContain('all-roles-in-one-hand');
    expect(findings.filter(({ rule }) => rule === 'role-for-group')).toHaveLength(ROLES.length);
  });

  it('adds up what the findings weigh, the most severe first, whatever the order of the input', () => {
    const input: StandingInput = {
      ...clean,
      devices: [
        { id: 'b', attestedAt: 0 },
        { id: 'a', attestedAt: 0 },
      ],
      enrolments: [{ purpose: 'first_admin', expiresAt: NOW + 1 }],
      resourceServers: [{ ...server, proof: 'none' }],
    };
    const report = standingPrivilege(input);
    expect(report.score).toBe(100 + 25 + 1 + 1);
    expect(report.findings.map(({ subject }) => subject)).toEqual([
      'enrolments/first_admin',
      'resource-servers/orders',
      'devices/a',
      'devices/b',
    ]);
    expect(standingPrivilege({ ...input, devices: input.devices.toReversed() })).toEqual(report);
  });
});
