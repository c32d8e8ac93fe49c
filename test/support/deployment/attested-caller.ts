import { randomUUID } from 'node:crypto';
import { Caller, type Answer, type Claims, type Parameters } from './caller.ts';
import type { Deployment } from './deployment.ts';
import { signJwt, type SigningKey } from './signing-key.ts';

const seconds = (): number => Math.floor(Date.now() / 1000);

const ATTESTATION = 'OAuth-Client-Attestation';
const PROOF = 'OAuth-Client-Attestation-PoP';

/** What one request shows; `proof` null shows none. */
interface Shown {
  readonly attestation?: string;
  readonly proof?: string | null;
  readonly dpop?: string | null;
}

/** `app`, as registrations have it: whoever this attester vouches for. */
export function attestedClient(attester: SigningKey): object {
  return {
    client_id: 'app',
    attestation: { issuer: 'https://mdm.example', jwks: { keys: [attester.publicJwk] } },
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
}

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

  /** Shows from now on an attestation, and a proof of its own unless that is null. */
  show({ attestation = this.attestation(), proof = this.attestationProof() }: Shown = {}): void {
    this.fields = { [ATTESTATION]: attestation, ...(proof === null ? {} : { [PROOF]: proof }) };
  }

  /** A proof that stands alone. */
  showProofAlone(): void {
    this.fields = { [PROOF]: this.attestationProof() };
  }

  /** One exchange with its own attestation and proof. */
  async attested({ dpop, ...shown }: Shown = {}, changes: Parameters = {}): Promise<Answer> {
    this.show();
    await this.learnNonce();
    this.show(shown);
    return this.exchange(changes, dpop);
  }

  /** One exchange where the DPoP proof of the attested key is the proof of the attestation too. */
  async combined(key: SigningKey = this.instance): Promise<Answer> {
    this.show({ proof: null });
    const first = await this.post('/token', this.parameters(), {
      DPoP: this.proof({ nonce: undefined }, {}, this.instance),
    });
    const nonce = first.headers.get('dpop-nonce') ?? undefined;
    return this.exchange({}, this.proof({ nonce }, {}, key));
  }

  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({ client_assertion: undefined, client_assertion_type: undefined, ...changes });
  }

  override post(path: string, parameters: Parameters, headers: Record<string, string> = {}): Promise<Answer> {
    return super.post(path, parameters, { ...this.fields, ...headers });
  }
}
