import type { BrokerIdentity } from '#core';
import type { BrokerConfiguration } from '../config.ts';
import { ROUTES } from '../served-paths.ts';

/** What the broker is called, as its metadata says it too. */
export function identityOf({
  issuer,
  mtlsUrl,
  development,
}: Pick<BrokerConfiguration, 'issuer' | 'mtlsUrl' | 'development'>): BrokerIdentity {
  return {
    issuer,
    tokenEndpoint: `${issuer}${ROUTES.token}`,
    revocationEndpoint: `${issuer}${ROUTES.revoke}`,
    globalRevocationEndpoint: `${issuer}${ROUTES.globalRevocation}`,
    mtlsTokenEndpoint: mtlsUrl === undefined ? null : `${mtlsUrl}${ROUTES.token}`,
    introspectionEndpoint: `${issuer}${ROUTES.introspect}`,
    allowHttpLoopback: development,
  };
}
