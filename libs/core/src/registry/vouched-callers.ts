import type { ClientRegistration, ResourceServerRegistration } from './registrations.ts';
import type { CertificateCaller, FederatedCaller, SpiffeCaller } from './trust.ts';

/** Callers that are not found by an id which they sign themselves, by what they are found instead. */
export class VouchedCallers {
  private readonly federated = new Map<string, FederatedCaller[]>();
  private readonly spiffe = new Map<string, SpiffeCaller[]>();
  private readonly certified: CertificateCaller[] = [];

  add(caller: ClientRegistration | ResourceServerRegistration): void {
    const { authentication } = caller;
    switch (authentication.method) {
      case 'federation':
        listed(this.federated, authentication.issuer, { ...caller, authentication });
        return;
      case 'spiffe_jwt':
        listed(this.spiffe, authentication.id.trustDomain, { ...caller, authentication });
        return;
      case 'tls_client_auth':
      case 'self_signed_tls_client_auth':
        this.certified.push({ ...caller, authentication });
        return;
      case 'private_key_jwt':
      case 'attest_jwt_client_auth':
        return;
    }
  }

  byCertificate(): readonly CertificateCaller[] {
    return this.certified;
  }

  byIssuer(issuer: string): readonly FederatedCaller[] {
    return this.federated.get(issuer) ?? [];
  }

  byTrustDomain(trustDomain: string): readonly SpiffeCaller[] {
    return this.spiffe.get(trustDomain) ?? [];
  }
}

function listed<Client>(lists: Map<string, Client[]>, name: string, client: Client): void {
  const others = lists.get(name);
  if (others === undefined) lists.set(name, [client]);
  else others.push(client);
}
