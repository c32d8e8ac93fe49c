import type { Readiness } from '#http';

/** What the controllers know of what is behind them. */
export interface AdminState {
  readiness(): Promise<Readiness>;
}

export const ADMIN_STATE = Symbol('AdminState');
