import { randomUUID } from 'node:crypto';
import { Caller, type Answer, type Claims, type Parameters } from './caller.ts';
import type { Deployment } from './deployment.ts';
import { signJwt, type SigningKey } from './signing-key.ts';

const seconds = (): number => Math.floor(Date.now() / 1000);

/** An instance of a client, whose key an attester vouches for. */
export class AttestedCaller extends Caller {
  /** Sent with each request, besides `DPoP`. */
  fields: Readonly<Record<string, string>> = {};

  constructor(
    deployment: Deployment,
    private readonly attester: SigningKey,
    /** The key that is attested. */
    readonly instance: SigningKey,
  ) {
    super(deployment);
  }

  attestation(claims: Claims = {}, header: Claims = {}, key = this.attester): string {
    const { kty, crv, x, y } = this.instance.publicJwk;
    return signJwt(
      { typ: 'oauth-client-attestation+jwt', kid: key.kid, ...header },
      {
        iss: 'https://mdm.example',
        sub: 'app',
        exp: seconds() + 3600,
        cnf: { jwk: { kty, crv, x, y } },
        ...claims,
      },
      key,
    );
  }

  attestationProof(claims: Claims = {}, header: Claims = {}, key = this.instance): string {
    return signJwt(
      { typ: 'oauth-client-attestation-pop+jwt', ...header },
      { aud: this.deployment.issuer, jti: randomUUID(), iat: seconds(), ...claims },
      key,
    );
  }

  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({ client_assertion: undefined, client_assertion_type: undefined, ...changes });
  }

  override post(path: string, parameters: Parameters, headers: Record<string, string> = {}): Promise<Answer> {
    return super.post(path, parameters, { ...this.fields, ...headers });
  }
}
