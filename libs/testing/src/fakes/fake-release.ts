import {
  compileCatalog,
  type CatalogApi,
  type LiveRelease,
  type Obligations,
  type PolicyRequest,
  type PolicySummary,
} from '#core';

/** A policy whose condition is a function. Absent members: a permit of everything in its scope, for nothing. */
export interface FakePolicy {
  readonly id: string;
  readonly effect?: 'permit' | 'forbid';
  /** Absent: all of the catalog. */
  readonly operations?: readonly string[];
  readonly when?: (question: PolicyRequest) => boolean;
  readonly obligations?: Obligations;
  /** Paths of the context that `when` looks at, as far as a test depends on it. */
  readonly refers?: readonly string[];
}

export const FAKE_APIS: readonly CatalogApi[] = [
  {
    id: 'orders',
    operations: [
      { id: 'orders.list', method: 'GET', path: '/orders', tags: ['read'] },
      { id: 'orders.refund', method: 'POST', path: '/orders/{id}/refund', tags: ['write'] },
    ],
  },
  {
    id: 'billing',
    operations: [{ id: 'billing.pay', method: 'POST', path: '/pay/{account}/{sum}', tags: [] }],
  },
];

/** A release that decides as Cedar does: default deny, and a forbid beats each permit. A condition that throws fails. */
export function fakeRelease(
  policies: readonly FakePolicy[],
  apis: readonly CatalogApi[] = FAKE_APIS,
): LiveRelease {
  const apiOf = new Map(apis.flatMap(({ id, operations }) => operations.map((one) => [one.id, id] as const)));
  const summaries = policies.map((policy): PolicySummary => {
    const { id, effect = 'permit', operations = [...apiOf.keys()] } = policy;
    return { id, effect, operations, name: null, description: null, owner: null };
  });
  return {
    number: 1,
    catalog: compileCatalog(apis),
    claimed: { reason: 'String' },
    policies: summaries,
    evaluate(question) {
      if (apiOf.get(question.action) !== question.resource)
        return { effect: 'deny', determining: [], failed: false };
      try {
        const matching = policies.filter(
          ({ when = () => true }, at) =>
            summaries[at]!.operations.includes(question.action) && when(question),
        );
        const forbids = matching.filter(({ effect }) => effect === 'forbid');
        const permits = matching.filter(({ effect }) => effect !== 'forbid');
        const determining = (forbids.length > 0 ? forbids : permits).map(({ id }) => id).toSorted();
        const isPermitted = forbids.length === 0 && permits.length > 0;
        return { effect: isPermitted ? 'permit' : 'deny', determining, failed: false };
      } catch {
        return { effect: 'deny', determining: [], failed: true };
      }
    },
    speaksOf: (id, record) =>
      policies.some((policy) => policy.id === id && policy.refers?.includes(record) === true),
    refersTo: (operation, path) =>
      policies.some(
        ({ refers = [], operations }) => (operations?.includes(operation) ?? true) && refers.includes(path),
      ),
    obligationsOf: (id) => policies.find((policy) => policy.id === id)?.obligations ?? {},
  };
}

/** Ada of support, signed in ten seconds ago, asks to refund order 42 with a key and a digest. */
export function aQuestion({
  context = {},
  ...changes
}: Partial<Omit<PolicyRequest, 'context'>> & {
  context?: Partial<PolicyRequest['context']>;
} = {}): PolicyRequest {
  return {
    principal: { issuer: 'https://idp.example', subject: 'ada', groups: ['support'], email: null },
    action: 'orders.refund',
    resource: 'orders',
    ...changes,
    context: {
      operation: {
        method: 'POST',
        targetUri: 'https://orders.invalid/orders/42/refund',
        path: '/orders/42/refund',
        parameters: { id: '42' },
        hasDigest: true,
        contentType: null,
      },
      device: { keyThumbprint: 'thumbprint' },
      network: { ip: '192.0.2.7' },
      auth: { acr: 'phr', amr: ['hwk'], authTime: 1_799_999_990 },
      client: { id: 'desk' },
      time: 1_800_000_000,
      claimed: {},
      ...context,
    },
  };
}
