/** What the peer's process is told, as JSON in its argument. */
export interface OidcProviderSettings {
  readonly port: number;
  /** Null: its own adapter, which keeps the last thousand things in memory. */
  readonly databaseUrl: string | null;
  readonly clientSecret: string;
  /** Public JWK of the client that proves a key. */
  readonly clientKey: object;
}

/** Clients by how they prove themselves. */
export const SECRET_CLIENT = 'secret-client';
export const KEY_CLIENT = 'key-client';
