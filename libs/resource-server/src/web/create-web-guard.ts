import { brokerIntrospection } from '../broker-introspection.ts';
import type { GuardSettings } from '../guard-settings.ts';
import { guardWith, type Guard } from '../guard-with.ts';
import { base64, base64url } from './base64.ts';
import { fetchConnection } from './fetch-connection.ts';
import { webAssertionSigner, type WebPrivateJwk } from './web-assertion-signer.ts';

export interface WebGuardOptions extends GuardSettings {
  readonly privateKey: WebPrivateJwk;
  /** `kid` of the registered key, where the JWK has none. */
  readonly keyId?: string;
  /** Asks the broker. Default: the runtime's own. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * `createGuard` for runtimes without Node's modules: WebCrypto and `fetch` only. On Node `createGuard` does the same
 * in less time.
 *
 * Fails  TypeError when an option cannot be right
 */
export function createWebGuard(options: WebGuardOptions): Guard {
  // Called bare: some runtimes refuse `fetch` as a method of anything but the global.
  const { fetch = globalThis.fetch } = options;
  const connection = fetchConnection((...request) => fetch(...request));
  return guardWith(options, {
    introspect: brokerIntrospection(options, { connection, assertion: webAssertionSigner(options) }),
    digest: async (bytes) => `sha-256=:${base64(await sha256(bytes))}:`,
    certificateThumbprint: async (der) => base64url(await sha256(der)),
    close: () => connection.close(),
  });
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
}
