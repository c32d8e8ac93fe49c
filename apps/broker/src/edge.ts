import { ExactPaths, readNetwork, TrustedProxies, type Network } from '#http';
import { takesCertificates } from './config.ts';
import { servedPaths } from './served-paths.ts';

/** What the controllers need to know of the configuration. */
export interface Edge {
  readonly issuer: string;
  readonly paths: ExactPaths;
  readonly proxies: TrustedProxies;
  readonly mutualTls: MutualTls | null;
}

/** Callers can authenticate with certificates. */
export interface MutualTls {
  /** Where, if not at the issuer's own endpoints. */
  readonly url: string | null;
}

export const EDGE = Symbol('Edge');

export interface EdgeSettings {
  readonly issuer: string;
  /** Networks, as all lists of networks here: validated before, and what is none is left out. */
  readonly trustedProxies: readonly string[];
  readonly clientCertificateProxies: readonly string[];
  readonly mtlsPort?: number | undefined;
  readonly mtlsUrl?: string | undefined;
}

export function edgeOf(settings: EdgeSettings): Edge {
  const { issuer, trustedProxies, clientCertificateProxies, mtlsUrl } = settings;
  return {
    issuer,
    paths: new ExactPaths(servedPaths(issuer)),
    proxies: new TrustedProxies(networksOf(trustedProxies), networksOf(clientCertificateProxies)),
    mutualTls: takesCertificates(settings) ? { url: mtlsUrl ?? null } : null,
  };
}

function networksOf(texts: readonly string[]): readonly Network[] {
  return texts.flatMap((one) => readNetwork(one) ?? []);
}
