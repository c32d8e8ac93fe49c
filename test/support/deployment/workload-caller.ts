import { Caller, type Claims, type Parameters } from './caller.ts';
import type { Deployment } from './deployment.ts';
import type { IssuerServer } from './issuer-server.ts';

/** A client that shows the token of the platform on which it runs, again and again. */
export class WorkloadCaller extends Caller {
  constructor(
    deployment: Deployment,
    private readonly platform: IssuerServer,
    /** Besides `iss`, `aud`, `iat` and `exp`. */
    private readonly claims: Claims,
  ) {
    super(deployment);
  }

  workloadToken(claims: Claims = {}, header: Claims = {}, key = this.platform.key): string {
    const ofUsers = { auth_time: undefined, groups: undefined };
    const audience = { aud: [this.deployment.issuer] };
    return this.platform.idToken({ ...ofUsers, ...audience, ...this.claims, ...claims }, header, key);
  }

  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({ client_assertion: this.workloadToken(), ...changes });
  }
}
