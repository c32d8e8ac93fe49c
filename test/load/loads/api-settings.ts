/** What the API of a round trip is told, as JSON in its argument. */
export interface ApiSettings {
  /** Audience of its assertions. */
  readonly issuer: string;
  /** Where it introspects. */
  readonly introspectAt: string;
  readonly clientId: string;
  readonly kid: string;
  /** Its private key. */
  readonly jwk: object;
  readonly resource: string;
  readonly port: number;
}
