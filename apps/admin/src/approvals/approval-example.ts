/** One request that waits, for the OpenAPI document. */
export const APPROVAL_EXAMPLE = {
  id: '019b8a3e-8f10-7cc3-a1d2-4b5c6d7e8f90',
  state: 'pending',
  binding_code: 'WDJB-MJHT',
  operation: {
    type: 'http_operation',
    locations: ['https://orders.example'],
    actions: ['POST'],
    target_uri: 'https://orders.example/orders/42/refund',
    content_digest: { 'sha-256': 'foTL8PenySwDcFhmXWYVL464WAqyU05SyHe8zOucx78=' },
  },
  operation_id: 'orders.refund',
  operation_hash: 'jXk1m0mYv0JqJm8X8J5d5mC1r0Zk3W8m0m8m8m8m8m8',
  requester: { issuer: 'https://login.example', subject: 'ada', email: 'ada@corp.example' },
  client_id: 'desk',
  device: { key: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', id: 'adas-laptop' },
  ip: '192.0.2.7',
  claimed: { reason: 'broken on arrival' },
  groups: ['leads'],
  awaited: ['leads'],
  approvals: [],
  requested_at: '2026-01-05T09:00:00.000Z',
  expires_at: '2026-01-05T09:10:00.000Z',
};

export const APPROVED_EXAMPLE = {
  ...APPROVAL_EXAMPLE,
  state: 'approved',
  awaited: [],
  approvals: [
    { issuer: 'https://login.example', subject: 'grace', groups: ['leads'], at: '2026-01-05T09:02:00.000Z' },
  ],
};
