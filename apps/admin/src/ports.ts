import type {
  AdminCaller,
  AdminStore,
  AdminTransaction,
  Enrolled,
  EnrolmentRequest,
  RoleBinding,
} from '#core';
import type { Guard } from '#resource-server';

export { ADMIN_STATE, type AdminState } from './state.ts';

/** Where administration is kept. */
export const ADMIN_STORE = Symbol('AdminStore');

export type { AdminStore };

/** Spends the token of each call at the broker. */
export const TOKEN_GUARD = Symbol('TokenGuard');

export type TokenGuard = Pick<Guard, 'check'>;

/** Asks an identity provider whether it is what its registration says. */
export const PROVIDER_CHECK = Symbol('ProviderCheck');

export interface ProviderCheck {
  /** Null when its discovery document is there and names this issuer; else what is wrong, fit for the caller. */
  faultOf(issuer: string): Promise<string | null>;
}

/** Where plain http is allowed. */
export const URI_RULES = Symbol('UriRules');

export type { UriRules } from '#core';

/** The guard against a change that leaves nobody able to administer. */
export const LOCKOUT = Symbol('Lockout');

export interface Lockout {
  /** In   bindings  as they would be  Fails  AdminProblem admin.lockout */
  check(
    transaction: Pick<AdminTransaction, 'lockLive'>,
    bindings: readonly RoleBinding[],
    caller: AdminCaller,
  ): Promise<void>;
}

/** Makes the holder of a code the first admin. */
export const ENROL = Symbol('Enrol');

/** Fails  as `enrol` of core */
export type Enrol = (request: EnrolmentRequest) => Promise<Enrolled>;
