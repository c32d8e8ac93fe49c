import type { Parameters } from './caller.ts';
import { JWT_SPIFFE } from './caller.ts';
import type { Deployment } from './deployment.ts';
import { IssuerServer } from './issuer-server.ts';
import { makeSigningKey, type SigningKey } from './signing-key.ts';
import { WorkloadCaller } from './workload-caller.ts';

export const REFUNDER = 'spiffe://prod.example/ns/a/sa/refunder';

/** As SPIRE makes them: no issuer, no id. */
const SVID = { iss: undefined, sub: REFUNDER, jti: undefined };

/** A client that is a workload of a trust domain, and shows its SVID. */
export class SvidCaller extends WorkloadCaller {
  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({ client_assertion_type: JWT_SPIFFE, ...changes });
  }
}

/** Two trust domains: one whose bundle is fetched, for `refunder`, and one whose bundle is registered, for `tester`. */
export class TrustDomains {
  private constructor(
    readonly prod: IssuerServer,
    readonly testKey: SigningKey,
  ) {}

  static async start(): Promise<TrustDomains> {
    return new TrustDomains(await IssuerServer.start(), makeSigningKey());
  }

  /** The clients of a deployment that trusts both. */
  clients(): readonly object[] {
    const common = {
      identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
      resource_servers: ['orders'],
    };
    const { alg: _, ...key } = this.testKey.publicJwk;
    return [
      {
        ...common,
        client_id: 'refunder',
        spiffe: {
          spiffe_id: 'spiffe://prod.example/ns/a/*',
          spiffe_bundle_endpoint: `${this.prod.url}/bundle`,
        },
      },
      {
        ...common,
        client_id: 'tester',
        spiffe: {
          spiffe_id: 'spiffe://test.example/ns/a/sa/refunder',
          bundle: { keys: [{ ...key, use: 'jwt-svid' }] },
        },
      },
    ];
  }

  /** The workload that is the client `refunder`. */
  refunder(deployment: Deployment): SvidCaller {
    return new SvidCaller(deployment, this.prod, SVID);
  }

  stop(): Promise<void> {
    return this.prod.stop();
  }
}
