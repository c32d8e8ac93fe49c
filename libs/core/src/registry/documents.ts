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
  };
}

export interface CallerKeysDocument {
  client_id: string;
  jwks: { keys: readonly unknown[] };
  algorithms?: readonly string[];
  legacy_audience?: boolean;
  /** Default 600, at most 3600. */
  max_assertion_seconds?: number;
}

export interface ClientDocument extends CallerKeysDocument {
  /** Ids of identity providers, and the `aud` that their ID tokens for this client have. */
  identity_providers: readonly { id: string; audiences: readonly string[] }[];
  /** Ids of resource servers. */
  resource_servers: readonly string[];
  /** As whom it may act for others: whose tokens, made for which `aud`, of which `sub`. Default: nobody. */
  actors?: readonly { id: string; audiences: readonly string[]; subjects: readonly string[] }[];
}

export interface IntrospectionProfileDocument {
  /** Default `token`. */
  exp?: 'token' | 'soon' | 'past';
  /** New names for members of the answer: `{ username: sub }`. */
  aliases?: Readonly<Record<string, string>>;
  /** Default false. */
  peek?: boolean;
}

export interface ResourceServerDocument extends CallerKeysDocument {
  id: string;
  resource: string;
  /** Default `enforced`. */
  binding?: 'enforced' | 'self';
  /** Default `dpop`. */
  proof?: 'dpop' | 'none';
  /** How it wants to be answered. */
  introspection?: IntrospectionProfileDocument;
}

/** What is wrong with a document: a JSON pointer into it, and why. */
export interface DocumentProblem {
  readonly pointer: string;
  readonly message: string;
}
