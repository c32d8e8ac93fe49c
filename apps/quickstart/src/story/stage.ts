import { createOncekeyClient, type OncekeyClient } from '#client';
import { readPrivateJwk, signIn, type QuickstartEnvironment } from '#quickstart';

/** Who plays, on which device, and what is asked of the Orders API. */
export interface Stage {
  readonly ada: OncekeyClient;
  /** The same client for the same user, with the key of another device. */
  readonly adaElsewhere: OncekeyClient;
  readonly bob: OncekeyClient;
  readonly refund: (order: string, cents: number) => Request;
  /** An operation whose tokens live for a moment only. */
  readonly export: () => Request;
}

/** Signs both users in. Fails  Error when the identity provider does not answer */
export async function openStage(environment: QuickstartEnvironment): Promise<Stage> {
  const { issuer, client, identity_provider: provider, orders_url: orders } = environment;
  const [clientKey, adasToken, bobsToken] = await Promise.all([
    readPrivateJwk(client.private_jwk_file),
    signIn({ issuer: provider.issuer, clientId: provider.client_id }, 'ada'),
    signIn({ issuer: provider.issuer, clientId: provider.client_id }, 'bob'),
  ]);
  const clientFor = (idToken: string): OncekeyClient =>
    createOncekeyClient({
      issuer,
      clientId: client.client_id,
      clientKey,
      subjectToken: () => idToken,
      resources: [environment.resource_server.resource],
    });
  return {
    ada: clientFor(adasToken),
    adaElsewhere: clientFor(adasToken),
    bob: clientFor(bobsToken),
    refund: (order, cents) =>
      new Request(`${orders}/orders/${order}/refund`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ cents }),
      }),
    export: () => new Request(`${orders}/orders/export`),
  };
}
