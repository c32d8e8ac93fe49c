export type CedarType = 'String' | 'Long' | 'Bool' | 'Set<String>' | 'ipaddr';

export interface PolicyAttribute {
  readonly type: CedarType;
  /** May be absent: a policy has to ask `has` before it reads. */
  readonly optional: boolean;
}

/**
 * What a policy may read of the context, by path. Two records more depend on the catalog: `operation.params`, one
 * String per path parameter of the operation, and `claimed`.
 */
export const CONTEXT_ATTRIBUTES = {
  'operation.method': { type: 'String', optional: false },
  'operation.target_uri': { type: 'String', optional: false },
  'operation.path': { type: 'String', optional: false },
  'operation.has_digest': { type: 'Bool', optional: false },
  'operation.content_type': { type: 'String', optional: true },
  'device.key': { type: 'String', optional: true },
  'device.known': { type: 'Bool', optional: false },
  'device.owner_matches': { type: 'Bool', optional: false },
  'device.platform': { type: 'String', optional: true },
  'device.compliant': { type: 'Bool', optional: true },
  'device.attested_by': { type: 'String', optional: true },
  'device.posture_age': { type: 'Long', optional: true },
  'device.facts': { type: 'Set<String>', optional: false },
  'network.ip': { type: 'ipaddr', optional: true },
  'auth.acr': { type: 'String', optional: true },
  'auth.amr': { type: 'Set<String>', optional: false },
  'auth.auth_time': { type: 'Long', optional: true },
  'auth.age': { type: 'Long', optional: true },
  'client.id': { type: 'String', optional: false },
  'actor.iss': { type: 'String', optional: true },
  'actor.sub': { type: 'String', optional: true },
  'actor.depth': { type: 'Long', optional: false },
  'transaction.operation': { type: 'String', optional: true },
  'transaction.workloads': { type: 'Set<String>', optional: false },
  'transaction.depth': { type: 'Long', optional: false },
  'time.now': { type: 'Long', optional: false },
  'time.hour_utc': { type: 'Long', optional: false },
  'time.weekday_utc': { type: 'Long', optional: false },
} as const satisfies Record<`${string}.${string}`, PolicyAttribute>;

export type ContextPath = keyof typeof CONTEXT_ATTRIBUTES;

/** What a policy may read of the principal. */
export const PRINCIPAL_ATTRIBUTES = {
  iss: { type: 'String', optional: false },
  sub: { type: 'String', optional: false },
  email: { type: 'String', optional: true },
} as const satisfies Record<string, PolicyAttribute>;

export type PrincipalAttribute = keyof typeof PRINCIPAL_ATTRIBUTES;

/** The record of path parameters, and the record of what the client merely says. */
export const PARAMETERS = 'operation.params';
export const CLAIMED = 'claimed';
