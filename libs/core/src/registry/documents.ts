/** Registrations as files, REST bodies and the database hold them; member names as in RFC 7591 where it has one. */
export interface IdentityProviderDocument {
  id: string;
  issuer: string;
  /** Default: the four of FAPI 2.0. `RS256` has to be named. */
  algorithms?: readonly string[];
  /** Default 3600. */
  max_age_seconds?: number;
  groups_claim?: string;
  groups_prefix?: string;
  /** It may send security events, and revoke what is its users'. */
  events?: {
    /** Default: the broker's issuer. */
    audience?: string;
    authorization_sha256?: string;
    /** Default false. */
    devices?: boolean;
    /** Default: it pushes. */
    poll?: EventPollDocument;
  };
}

/** Where its events are fetched (RFC 8936), by an access token for which the broker signs an assertion. */
export interface EventPollDocument {
  endpoint: string;
  token_endpoint: string;
  client_id: string;
  /** Default: the token endpoint. */
  assertion_audience?: string;
  /** Default: none is asked for. */
  scope?: string;
}

/** Who tells of devices and signs nobody in. */
export interface EventTransmitterDocument {
  id: string;
  issuer: string;
  algorithms?: readonly string[];
  /** One of these two; default: what its SSF metadata say. */
  jwks?: { keys: readonly unknown[] };
  jwks_uri?: string;
  /** Default: the broker's issuer. */
  audience?: string;
  authorization_sha256?: string;
  /** Default: it pushes. */
  poll?: EventPollDocument;
}

/** A certificate of a registered authority (RFC 8705 §2.1.2); exactly one of the names. */
export interface TlsClientAuthDocument {
  subject_dn?: string;
  san_dns?: string;
  san_uri?: string;
  san_ip?: string;
  san_email?: string;
  /** PEM. */
  certificate_authorities: readonly string[];
  /** `x5t#S256` */
  revoked_certificates?: readonly string[];
}

/** Certificates that are registered themselves (RFC 8705 §2.2). */
export interface SelfSignedTlsClientAuthDocument {
  /** Keys with `x5c`. */
  jwks?: { keys: readonly unknown[] };
  /** `x5t#S256` */
  certificate_thumbprints?: readonly string[];
}

/** How clients and resource servers authenticate: by one of `jwks` and the two certificates. */
export interface CallerKeysDocument {
  client_id: string;
  jwks?: { keys: readonly unknown[] };
  tls_client_auth?: TlsClientAuthDocument;
  self_signed_tls_client_auth?: SelfSignedTlsClientAuthDocument;
  algorithms?: readonly string[];
  legacy_audience?: boolean;
  /** Default 600, at most 3600. */
  max_assertion_seconds?: number;
  /** How much it may ask of a broker. Default: as the broker is configured. */
  quota?: QuotaDocument;
}

export interface QuotaDocument {
  requests_per_second: number;
  /** Default: what it may send in two seconds. */
  burst?: number;
}

/** Whose tokens are believed when they say who the caller is (RFC 7523 with another issuer). */
export interface FederationDocument {
  issuer: string;
  /** Default: the issuer identifier of the broker. */
  audience?: string;
  /** Claims, or JSON pointers to members of claims, and the exact values that they may have. */
  claims: Readonly<Record<string, string | readonly string[]>>;
  /** For an issuer that cannot be reached. */
  jwks?: { keys: readonly unknown[] };
}

/** Which SPIFFE IDs are the caller, and whose keys say so (draft-ietf-oauth-spiffe-client-auth). */
export interface SpiffeDocument {
  /** `/*` at its end stands for one segment or more. */
  spiffe_id: string;
  spiffe_bundle_endpoint?: string;
  /** For a bundle that cannot be fetched: its keys for `jwt-svid`. */
  bundle?: { keys: readonly unknown[] };
}

/** Whose JWT-SVIDs a client may present: on their behalf, or as them on behalf of others. */
export interface WorkloadsDocument extends SpiffeDocument {
  /** Default `subject`. */
  as?: 'subject' | 'actor';
  algorithms?: readonly string[];
  /** Default 3600. */
  max_svid_seconds?: number;
}

/** Who attests the instances of a client. */
export interface AttestationDocument {
  /** Exactly as in `iss`; its keys are found by discovery where there are no `jwks`. */
  issuer?: string;
  jwks?: { keys: readonly unknown[] };
  /** Its word on the posture of the attested device is taken; needs `issuer`. Default false. */
  posture?: boolean;
}

/** A caller may be vouched for instead. */
interface VouchedCallerDocument extends CallerKeysDocument {
  federation?: FederationDocument;
  spiffe?: SpiffeDocument;
}

export interface ClientDocument extends VouchedCallerDocument {
  attestation?: AttestationDocument;
  /** Ids of identity providers, and the `aud` that their ID tokens for this client have. */
  identity_providers: readonly { id: string; audiences: readonly string[] }[];
  /** Ids of resource servers. */
  resource_servers: readonly string[];
  /** As whom it may act for others: whose tokens, made for which `aud`, of which `sub`. Default: nobody. */
  actors?: readonly { id: string; audiences: readonly string[]; subjects: readonly string[] }[];
  /** Origins of its pages, when it runs in browsers. Default: none. */
  browser_origins?: readonly string[];
  workloads?: readonly WorkloadsDocument[];
  /** It may trade transaction tokens that it was handed. Default false. */
  transaction_tokens?: boolean;
}

export interface IntrospectionProfileDocument {
  /** Default `token`. */
  exp?: 'token' | 'soon' | 'past';
  /** New names for members of the answer: `{ username: sub }`. */
  aliases?: Readonly<Record<string, string>>;
  /** Default false. */
  peek?: boolean;
}

export interface ForwardAuthDocument {
  /** Networks or addresses of the gateway. */
  from: readonly string[];
  dialect: 'original' | 'forwarded' | 'path';
  /** Default `none`. */
  body?: 'none' | 'gateway' | 'api';
  /** Header in which the gateway names each request of a caller. */
  request_id?: string;
  resource_metadata?: string;
}

export interface ResourceServerDocument extends VouchedCallerDocument {
  id: string;
  resource: string;
  /** Default `enforced`. */
  binding?: 'enforced' | 'self';
  /** Default `dpop`. */
  proof?: 'dpop' | 'bound' | 'none';
  /** How it wants to be answered. */
  introspection?: IntrospectionProfileDocument;
  /** It may have caller tokens. Default false. */
  caller_tokens?: boolean;
  /** The gateway that asks for it. Default: none. */
  forward_auth?: ForwardAuthDocument;
}

/** What is wrong with a document: a JSON pointer into it, and why. */
export interface DocumentProblem {
  readonly pointer: string;
  readonly message: string;
}
