import { isJsonObject, type RegistrationRows } from '#core';

/**
 * Takes out identity providers that cannot be real: reached over plain http, or on this very machine. A toy
 * provider signs in whom it likes.
 */
export function withoutLocalProviders(rows: RegistrationRows): {
  rows: RegistrationRows;
  /** Issuers of those that were taken out. */
  refused: readonly string[];
} {
  const refused: string[] = [];
  const identityProviders = rows.identityProviders.filter((document) => {
    const issuer = isJsonObject(document) ? document['issuer'] : null;
    if (typeof issuer !== 'string' || !isLocal(issuer)) return true;
    refused.push(issuer);
    return false;
  });
  return { rows: { ...rows, identityProviders }, refused };
}

const LOCAL_HOST =
  /^(?:(?:.+\.)?localhost|127(?:\.[0-9]+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])\.?$/;

function isLocal(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname } = new URL(issuer);
  return protocol !== 'https:' || LOCAL_HOST.test(hostname);
}
