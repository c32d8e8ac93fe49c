import { postureOf, type ContextPath, type PolicyRequest, type PrincipalAttribute } from '#core';
import type { CedarValueJson } from './engine.ts';

type Read<From> = (from: From) => CedarValueJson;

/** Where each attribute of the context comes from; null where the request has none. */
export const CONTEXT_VALUES: Readonly<Record<ContextPath, Read<PolicyRequest['context']>>> = {
  'operation.method': ({ operation }) => operation.method,
  'operation.target_uri': ({ operation }) => operation.targetUri,
  'operation.path': ({ operation }) => operation.path,
  'operation.has_digest': ({ operation }) => operation.hasDigest,
  'operation.content_type': ({ operation }) => operation.contentType,
  'device.key': ({ device }) => device.keyThumbprint,
  'device.known': ({ device }) => device.registered !== undefined,
  'device.owner_matches': ({ device }) => device.registered?.ownerMatches === true,
  'device.platform': ({ device }) => device.registered?.platform ?? null,
  'device.compliant': ({ device }) => postureOf(device)?.compliant ?? null,
  'device.attested_by': ({ device }) => postureOf(device)?.attestedBy ?? null,
  'device.posture_age': ({ device, time }) => {
    const learntAt = postureOf(device)?.learntAt;
    return learntAt === undefined ? null : Math.max(0, time - learntAt);
  },
  'device.facts': ({ device }) => [...(postureOf(device)?.facts ?? [])],
  'network.ip': ({ network }) => (network.ip === null ? null : ipValue(network.ip)),
  'auth.acr': ({ auth }) => auth.acr,
  'auth.amr': ({ auth }) => [...auth.amr],
  'auth.auth_time': ({ auth }) => auth.authTime,
  'auth.age': ({ auth, time }) => (auth.authTime === null ? null : Math.max(0, time - auth.authTime)),
  'client.id': ({ client }) => client.id,
  'actor.iss': ({ actor }) => actor?.issuer ?? null,
  'actor.sub': ({ actor }) => actor?.subject ?? null,
  'actor.depth': ({ actor }) => actor?.depth ?? 0,
  'transaction.operation': ({ transaction }) => transaction?.operation ?? null,
  'transaction.workloads': ({ transaction }) => [...(transaction?.workloads ?? [])],
  'transaction.depth': ({ transaction }) => transaction?.depth ?? 0,
  'time.now': ({ time }) => time,
  'time.hour_utc': ({ time }) => Math.floor(time / 3600) % 24,
  // 1970-01-01 was a Thursday, which is 4.
  'time.weekday_utc': ({ time }) => ((Math.floor(time / 86_400) + 3) % 7) + 1,
};

export const PRINCIPAL_VALUES: Readonly<Record<PrincipalAttribute, Read<PolicyRequest['principal']>>> = {
  iss: ({ issuer }) => issuer,
  sub: ({ subject }) => subject,
  email: ({ email }) => email,
};

/** A socket that serves both families shows an IPv4 peer in IPv6 clothes, which no IPv4 range would contain. */
function ipValue(ip: string): CedarValueJson {
  return { __extn: { fn: 'ip', arg: /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip } };
}
