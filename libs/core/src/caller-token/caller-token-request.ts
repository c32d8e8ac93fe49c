import type { CallerCredentials } from '../caller/caller-credentials.ts';

/** `POST /token` for a caller token (RFC 6749 §4.4.2), every parameter checked for shape and none for truth. */
export interface CallerTokenRequest {
  readonly credentials: CallerCredentials;
  /** `resource` and `audience`. */
  readonly resources: readonly string[];
}
