import type { PolicyRequest, ReleaseDocument } from '#core';

/** Two APIs whose tags overlap. */
export function aDocument(change: Partial<ReleaseDocument> = {}): ReleaseDocument {
  return {
    policies: [],
    apis: [
      {
        id: 'orders',
        operations: [
          { id: 'orders.list', method: 'GET', path: '/orders', tags: ['read'] },
          { id: 'orders.read', method: 'GET', path: '/orders/{id}', tags: ['read'] },
          { id: 'orders.refund', method: 'POST', path: '/orders/{id}/refund', tags: ['write', 'money'] },
        ],
      },
      {
        id: 'billing',
        operations: [
          { id: 'billing.read', method: 'GET', path: '/invoices/{invoice}', tags: ['read'] },
          { id: 'billing.pay', method: 'POST', path: '/invoices/{invoice}/payments', tags: ['money'] },
        ],
      },
    ],
    claimed: { reason: 'String', urgency: 'Long', drill: 'Bool' },
    ...change,
  };
}

/** Ada of support reads order 42 on a Wednesday, 2025-01-15T10:30:00Z, having signed in a minute ago. */
export function aRequest(
  change: Partial<Omit<PolicyRequest, 'context'>> = {},
  context: Partial<PolicyRequest['context']> = {},
): PolicyRequest {
  return {
    principal: {
      issuer: 'https://idp.example',
      subject: 'ada',
      groups: ['support'],
      email: 'ada@example.org',
    },
    action: 'orders.read',
    resource: 'orders',
    ...change,
    context: {
      operation: {
        method: 'GET',
        targetUri: 'https://api.example/orders/42',
        path: '/orders/42',
        parameters: { id: '42' },
        hasDigest: false,
        contentType: null,
      },
      device: { keyThumbprint: 'thumbprint' },
      network: { ip: '192.0.2.7' },
      auth: { acr: 'phr', amr: ['pwd', 'otp'], authTime: 1_736_936_940 },
      client: { id: 'web' },
      time: 1_736_937_000,
      claimed: {},
      ...context,
    },
  };
}
