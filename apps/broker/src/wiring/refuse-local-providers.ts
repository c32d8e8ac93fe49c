import { ConfigurationError } from '#http';

/** Fails  ConfigurationError when one of these providers is there */
export function refuseLocalProviders(issuers: readonly string[]): void {
  if (issuers.length === 0) return;
  throw new ConfigurationError(
    issuers.map(
      (issuer) => `the identity provider ${issuer} is one of a quickstart, which NODE_ENV=production refuses`,
    ),
  );
}
