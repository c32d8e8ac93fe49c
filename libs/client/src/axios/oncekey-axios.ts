import type { OncekeyClient } from '../oncekey-client.ts';

/** What axios takes for its `fetch` adapter. */
export interface OncekeyAxios {
  readonly adapter: 'fetch';
  readonly env: Readonly<Pick<typeof globalThis, 'fetch'>>;
}

/**
 * Settings for `axios.create`, with which each request earns a token of its own. An OncekeyError is the `cause` of the
 * error that axios throws, and its `code` the code. Redirects are not followed, whatever `maxRedirects` says.
 */
export function oncekeyAxios({ fetch }: Pick<OncekeyClient, 'fetch'>): OncekeyAxios {
  return { adapter: 'fetch', env: { fetch } };
}
