/** Options of `login` and `enroll`, as commander hands them over. */
export interface LoginOptions {
  readonly issuer?: string;
  readonly admin?: string;
  readonly clientId?: string;
  readonly provider?: string;
  readonly providerClientId?: string;
  /** What `enroll` registers the identity provider under. */
  readonly providerId?: string;
  readonly scope: string;
  readonly acrValues?: string;
  readonly maxAge?: number;
  readonly browser: boolean;
}
