import { ExactPaths, readNetwork, TrustedProxies } from '#http';
import { servedPaths } from './served-paths.ts';

/** What the controllers need to know of the configuration. */
export interface Edge {
  readonly issuer: string;
  readonly paths: ExactPaths;
  readonly proxies: TrustedProxies;
}

export const EDGE = Symbol('Edge');

/** `trustedProxies` have been validated: what is no network is left out. */
export function edgeOf({
  issuer,
  trustedProxies,
}: {
  issuer: string;
  trustedProxies: readonly string[];
}): Edge {
  return {
    issuer,
    paths: new ExactPaths(servedPaths(issuer)),
    proxies: new TrustedProxies(trustedProxies.flatMap((one) => readNetwork(one) ?? [])),
  };
}
