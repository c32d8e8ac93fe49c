import type { AddressInfo } from 'node:net';
import type { ExchangeRequest, IntrospectionRequest, IssuedToken, OAuthError } from '#core';
import { createLogger, ProcessMetrics } from '#http';
import { BROKER, type Broker } from '../../apps/broker/src/broker.ts';
import { createApp } from '../../apps/broker/src/create-app.ts';
import { edgeOf, type EdgeSettings } from '../../apps/broker/src/edge.ts';
import { Gate, type GateParts, type GateSettings } from '../../apps/broker/src/gate.ts';

export interface ServedEdge {
  readonly port: number;
  /** Refusals that the edge put on record. */
  readonly recorded: { type: string; reason: string; detail: string | null }[];
  readonly exchanges: ExchangeRequest[];
  readonly introspections: IntrospectionRequest[];
  /** Log lines, parsed. */
  readonly lines: Record<string, unknown>[];
  /** How many requests are worked on, and how many wait. */
  load(): Gate['admission']['load'];
  stop(): Promise<void>;
}

export const ISSUED: IssuedToken = {
  accessToken: 'once_header..iv.text.tag',
  tokenType: 'DPoP',
  expiresInSeconds: 15,
  operation: {
    type: 'http_operation',
    locations: ['https://orders.example'],
    actions: ['POST'],
    target_uri: 'https://orders.example/orders/42/refund',
  },
  scope: 'orders.refund',
  txn: '019a2b3c-4d5e-8f60-a1b2-c3d4e5f60718',
  dpopNonce: 'next-nonce',
};

/** The one origin that is registered. */
export const APP_ORIGIN = 'https://app.example';

export const REASON_ID = '019a2b3c-0000-7000-8000-000000000001';

/** No test but those of overload comes near it. */
const ENOUGH: GateSettings = {
  maxInFlight: 4_096,
  maxWaiting: 4_096,
  maxWaitMs: 60_000,
  sourceQuota: { requestsPerSecond: 1_000_000, burst: 1_000_000 },
  workers: 1,
  maxBuckets: 16,
};

class FakeWiring {}

/** The real HTTP edge on a free port, over pipelines that the test gives. */
export async function serveBrokerEdge(
  pipelines: Partial<Broker> = {},
  settings: Partial<EdgeSettings> = {},
  load: Partial<GateSettings> = {},
  quotas: GateParts['quotas'] = { isEmpty: true, waitMs: () => 0 },
): Promise<ServedEdge> {
  const recorded: ServedEdge['recorded'] = [];
  const exchanges: ExchangeRequest[] = [];
  const introspections: IntrospectionRequest[] = [];
  const lines: Record<string, unknown>[] = [];
  const broker: Broker = {
    exchange: async () => ISSUED,
    introspect: async () => ({ active: true, callerId: 'orders-api', body: { active: true, sub: 'ada' } }),
    answerSigner: () => (body, audience) => `signed for ${audience}: ${JSON.stringify(body)}`,
    redeemDeferral: async () => ISSUED,
    issueTransactionToken: async () => ({
      transactionToken: 'a.b.c',
      expiresInSeconds: 15,
      scope: 'orders.refund',
    }),
    issueCallerToken: async () => ({
      callerToken: 'oncecaller_header..iv.text.tag',
      expiresInSeconds: 60,
      scope: 'introspect',
    }),
    revoke: async () => undefined,
    revokeSubject: async () => undefined,
    receiveEvent: async () => undefined,
    forwardAuth: async () => ({ permitted: true, headers: {} }),
    record: async (type: string, refusal: OAuthError) => {
      recorded.push({ type, reason: refusal.reason, detail: refusal.detail });
      return refusal.withReasonId(REASON_ID);
    },
    publishedKeys: () => ({ keys: [{ kty: 'EC', kid: 'a' }] }),
    isBrowserOrigin: (origin) => origin === APP_ORIGIN,
    readiness: () => ({ ready: true, checks: { database: 'ok' } }),
    ...pipelines,
  };
  const counted: Broker = {
    ...broker,
    exchange: (request) => {
      exchanges.push(request);
      return broker.exchange(request);
    },
    introspect: (request) => {
      introspections.push(request);
      return broker.introspect(request);
    },
  };
  const wiring = {
    module: FakeWiring,
    providers: [{ provide: BROKER, useValue: counted }],
    exports: [BROKER],
  };
  const log = createLogger(
    { name: 'broker', level: 'trace', secrets: [] },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const edge = edgeOf({
    issuer: 'https://broker.example',
    trustedProxies: [],
    clientCertificateProxies: [],
    ...settings,
  });
  const metrics = new ProcessMetrics();
  const gate = new Gate({ ...ENOUGH, ...load }, { edge, metrics, log, quotas });
  const app = await createApp({ wiring, edge, gate, log, metrics });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    port,
    recorded,
    exchanges,
    introspections,
    lines,
    load: () => gate.admission.load,
    stop: () => app.close(),
  };
}
