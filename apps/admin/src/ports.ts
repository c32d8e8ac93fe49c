import type { AdminStore } from '#core';
import type { Guard } from '#resource-server';

export { ADMIN_STATE, type AdminState } from './state.ts';

/** Where administration is kept. */
export const ADMIN_STORE = Symbol('AdminStore');

export type { AdminStore };

/** Spends the token of each call at the broker. */
export const TOKEN_GUARD = Symbol('TokenGuard');

export type TokenGuard = Pick<Guard, 'check'>;
