import { makeSigningKey } from '../../support/deployment/signing-key.ts';
import { seedFiles } from '../../support/deployment/seed-files.ts';
import { registerGateway } from '../../support/gateway-call.ts';
import { GATEWAY } from '../loads/gateway.ts';
import type { World } from '../world.ts';

/** Registers so many identity providers and as many resource servers; resolves when the broker goes by them. */
export async function registerMany({ caller, deployment }: World, count: number): Promise<void> {
  const { publicJwk } = makeSigningKey();
  const each = (make: (number: number) => object): string =>
    JSON.stringify(Array.from({ length: count }, (_, at) => make(at + 1)));
  const files = {
    'identity-providers.yaml': each((at) => ({ id: `idp-${at}`, issuer: `https://idp-${at}.example` })),
    'resource-servers.yaml': each((at) => ({
      id: `api-${at}`,
      client_id: `api-${at}`,
      resource: `https://api-${at}.example/`,
      jwks: { keys: [publicJwk] },
    })),
  };
  await seedFiles(files, deployment.env);
  // Its answer changes with this registration, which is younger than those above.
  await registerGateway(caller, GATEWAY);
}
