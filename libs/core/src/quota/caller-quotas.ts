import type { ClientRegistration, ResourceServerRegistration } from '../registry/registrations.ts';

/** What callers may ask of one process. Nobody's quota is touched by somebody who only claims to be them. */
export interface CallerQuotas {
  /**
   * Before anything is verified.
   *
   * In     source     where the request comes from, as `sourceOf` has it
   *        claimedId  client id that the request names; null when it names none
   * Fails  HeldBack when this source has proved lately to be this caller, and was told to wait
   */
  holdBack(source: string, claimedId: string | null): void;

  /**
   * One request of a caller that has proved who it is.
   *
   * Fails  OAuthError quota.exceeded; HeldBack when it was told so already
   */
  charge(source: string, caller: ClientRegistration | ResourceServerRegistration): void;
}
