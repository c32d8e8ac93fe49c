import { assertionSigner, type PrivateJwk } from './assertion-signer.ts';
import { brokerIntrospection } from './broker-introspection.ts';
import { certificateThumbprint } from './client-certificate.ts';
import { contentDigest } from './content-digest.ts';
import type { GuardSettings } from './guard-settings.ts';
import { guardWith, type Guard } from './guard-with.ts';
import { nodeConnection } from './node/node-connection.ts';
import type { KeyObject } from 'node:crypto';

export interface GuardOptions extends GuardSettings {
  readonly privateKey: PrivateJwk | KeyObject;
  /** `kid` of the registered key, where `privateKey` is no JWK that has one. */
  readonly keyId?: string;
}

/**
 * A guard in front of an API: each request must bring a one-time token that permits exactly that request.
 *
 * Fails  TypeError when an option cannot be right
 */
export function createGuard(options: GuardOptions): Guard {
  const connection = nodeConnection();
  return guardWith(options, {
    introspect: brokerIntrospection(options, { connection, assertion: assertionSigner(options) }),
    digest: contentDigest,
    certificateThumbprint,
    close: () => connection.close(),
  });
}
