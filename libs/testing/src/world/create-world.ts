import { createHash, randomUUID } from 'node:crypto';
import {
  CALLER_TOKEN_PREFIX,
  compileCatalog,
  exchange,
  forwardAuth,
  type EventTransmitter,
  introspect,
  issueCallerToken,
  receiveEvent,
  redeemDeferral,
  revoke,
  revokeSubject,
  RoleHolders,
  TOKEN_PREFIX,
  type CallerTokenClaims,
  type CallerTokenPorts,
  type DeferralPorts,
  type ExchangePorts,
  type ExchangeRequest,
  type Grant,
  type IntrospectionPorts,
  type IntrospectionRequest,
  type JudgedQuestion,
  type KnownDevice,
  type LiveRelease,
  type Obligations,
  type PolicyRequest,
  type PolicyVerdict,
  type RevocationPorts,
  type RoleBinding,
  type RunningShadow,
  type Trust,
} from '#core';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { memorySealer } from '../fakes/memory-sealer.ts';
import { API, DIGEST, ISSUER, NOW, PROVIDER } from './names.ts';
import { credentialsOf } from './credentials-of.ts';
import { aServer } from './a-server.ts';
import { deskClient } from './desk-client.ts';
import { enoughQuotas } from './enough-quotas.ts';
import { eventLookups, PUSHES } from './event-lookups.ts';
import { otherCallers } from './other-callers.ts';
import { FakeSignatures, fakeJws, fakeKey } from './fake-signatures.ts';

type Claims = Record<string, unknown>;

/** A small broker in memory: one client, two resource servers, one provider, and a policy that a test can turn. */
export function createWorld() {
  let now = NOW;
  const clock = { now: () => now };
  const ledger = new MemoryLedger({ now: () => now });
  const keys = {
    client: fakeKey('client-1'),
    server: fakeKey('server-1'),
    stranger: fakeKey('stranger-1'),
    provider: fakeKey('idp-1'),
    platform: fakeKey('platform-1'),
    device: fakeKey(),
    /** With which the broker signs. */
    ring: fakeKey('ring-1'),
  };
  const policy = {
    verdict: { effect: 'permit', determining: ['support-refunds'], failed: false } as PolicyVerdict,
    obligations: {} as Obligations,
    refers: [] as readonly string[],
    asked: [] as PolicyRequest[],
  };
  const release: LiveRelease = {
    number: 7,
    catalog: compileCatalog([
      {
        id: 'orders',
        operations: [{ id: 'orders.refund', method: 'POST', path: '/orders/{id}/refund', tags: [] }],
      },
    ]),
    claimed: { reason: 'String', amount: 'Long', urgent: 'Bool' },
    policies: [],
    evaluate: (request) => {
      policy.asked.push(request);
      return policy.verdict;
    },
    obligationsOf: () => policy.obligations,
    refersTo: (_operation, path) => policy.refers.includes(path),
    speaksOf: (_policy, record) => policy.refers.includes(record),
  };
  const registrations = {
    client: deskClient(keys.client),
    orders: aServer('orders', API, 1, keys.server),
    elsewhere: aServer('elsewhere', 'https://elsewhere.example/', 2, keys.stranger),
    provider: {
      id: 'corp',
      issuer: PROVIDER,
      algorithms: ['ES256'] as const,
      maxAgeSeconds: 3600,
      groupsClaim: 'groups',
      groupsPrefix: '',
      events: PUSHES as EventTransmitter | null,
    },
    roleBindings: [] as RoleBinding[],
  };
  const others = otherCallers();
  const callers = [registrations.client, registrations.orders, registrations.elsewhere];
  const running: { shadow: RunningShadow | null } = { shadow: null };
  const trust: Trust = {
    revision: '1',
    release,
    ...others.lookups,
    caller: (id) => [...callers, ...others.all()].find(({ clientId }) => clientId === id) ?? null,
    resourceServer: (href) =>
      [registrations.orders, registrations.elsewhere].find(({ base }) => base.href === href) ?? null,
    resourceServerNamed: (wanted) =>
      [registrations.orders, registrations.elsewhere].find(({ id }) => id === wanted) ?? null,
    identityProvider: (issuer) => (issuer === PROVIDER ? registrations.provider : null),
    isBrowserOrigin: () => false,
    ...eventLookups(registrations.provider),
    roleGroupsOf: (holder) => new RoleHolders(registrations.roleBindings).groupsOf(holder),
    get shadow() {
      return running.shadow;
    },
  };
  const devices = new Map<string, KnownDevice>();
  const sealed = new Map<string, Grant>();
  const sealedCallers = new Map<string, CallerTokenClaims>();
  const watched: (JudgedQuestion & { shadow: RunningShadow | null })[] = [];
  const ports: ExchangePorts & IntrospectionPorts & RevocationPorts & CallerTokenPorts & DeferralPorts = {
    identity: {
      issuer: ISSUER,
      tokenEndpoint: `${ISSUER}/token`,
      mtlsTokenEndpoint: 'https://mtls.broker.example/token',
      introspectionEndpoint: `${ISSUER}/introspect`,
      revocationEndpoint: `${ISSUER}/revoke`,
      globalRevocationEndpoint: `${ISSUER}/global-token-revocation`,
      allowHttpLoopback: false,
    },
    clock,
    trust: { current: () => trust },
    signatures: new FakeSignatures(),
    devices: { byKey: async (thumbprint) => devices.get(thumbprint) ?? null },
    issuerKeys: others.issuerKeys(keys),
    certificates: { isSignedBy: () => true },
    quotas: enoughQuotas(() => now),
    nonces: {
      issue: (clientId) => `nonce-of-${clientId}`,
      isFresh: (nonce, clientId) => nonce === `nonce-of-${clientId}`,
    },
    ledger,
    journal: ledger,
    deferrals: ledger,
    approvals: { seconds: 600 },
    signer: { publicKeys: () => [keys.ring.publicKey] },
    shadow: { watch: (shadow, decided) => void watched.push({ shadow, ...decided }) },
    sealer: memorySealer(sealed, TOKEN_PREFIX),
    callerTokens: memorySealer(sealedCallers, CALLER_TOKEN_PREFIX),
  };
  const seconds = () => Math.floor(now / 1000);
  const make = {
    assertion: (claims: Claims = {}, header: Claims = {}, key = keys.client) =>
      fakeJws(
        { alg: 'ES256', typ: 'client-authentication+jwt', ...header },
        {
          iss: 'desk',
          sub: 'desk',
          aud: ISSUER,
          jti: randomUUID(),
          iat: seconds(),
          exp: seconds() + 60,
          ...claims,
        },
        key,
      ),
    idToken: (claims: Claims = {}, header: Claims = {}, key = keys.provider) =>
      fakeJws(
        { alg: 'ES256', kid: 'idp-1', ...header },
        {
          iss: PROVIDER,
          sub: 'ada',
          aud: 'desk-app',
          iat: seconds(),
          exp: seconds() + 300,
          auth_time: seconds() - 10,
          groups: ['support'],
          email: 'ada@corp.example',
          ...claims,
        },
        key,
      ),
    proof: (claims: Claims = {}, header: Claims = {}, key = keys.device) =>
      fakeJws(
        { alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk, ...header },
        {
          jti: randomUUID(),
          htm: 'POST',
          htu: `${ISSUER}/token`,
          iat: seconds(),
          nonce: 'nonce-of-desk',
          ...claims,
        },
        key,
      ),
    apiProof: (token: string, claims: Claims = {}, key = keys.device) =>
      fakeJws(
        { alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk },
        {
          jti: randomUUID(),
          htm: 'POST',
          htu: `${API}/orders/42/refund`,
          iat: seconds(),
          ath: createHash('sha256').update(token).digest('base64url'),
          ...claims,
        },
        key,
      ),
    exchange: (changes: Partial<ExchangeRequest> = {}): ExchangeRequest => ({
      credentials: credentialsOf(make.assertion()),
      subjectToken: make.idToken(),
      subjectTokenType: 'id_token',
      actorToken: null,
      actorTokenType: null,
      dpopProofs: [make.proof()],
      resources: [API],
      operation: {
        location: API,
        method: 'POST',
        targetUri: `${API}/orders/42/refund`,
        contentDigest: { 'sha-256': DIGEST },
        contentType: null,
      },
      scope: null,
      claimed: {},
      observed: { ip: '192.0.2.7' },
      canWait: false,
      ...changes,
    }),
    introspection: (
      token: string,
      presented: Partial<IntrospectionRequest['presented']> = {},
      changes: Partial<IntrospectionRequest> = {},
    ): IntrospectionRequest => ({
      credentials: credentialsOf(make.assertion({ iss: 'orders', sub: 'orders' }, {}, keys.server)),
      token,
      presented: {
        method: 'POST',
        targetUri: `${API}/orders/42/refund`,
        contentDigest: `sha-256=:${DIGEST}:`,
        contentType: null,
        dpopProof: make.apiProof(token),
        certificateThumbprint: null,
        ...presented,
      },
      isPeek: false,
      idempotencyKey: null,
      ...changes,
    }),
  };
  return {
    ports,
    keys,
    policy,
    registrations,
    federated: others.federated,
    spiffe: others.spiffe,
    ledger,
    make,
    sealed,
    sealedCallers,
    devices,
    running,
    watched,
    exchange: exchange(ports),
    redeemDeferral: redeemDeferral(ports),
    introspect: introspect(ports),
    issueCallerToken: issueCallerToken(ports),
    forwardAuth: forwardAuth(ports),
    revoke: revoke(ports),
    receiveEvent: receiveEvent(ports),
    revokeSubject: revokeSubject(ports),
    advance: (ms: number) => {
      now += ms;
    },
  };
}

export type World = ReturnType<typeof createWorld>;
