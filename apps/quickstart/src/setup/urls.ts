import type { Ports } from '../settings.ts';

/** Where everything answers: the loopback interface, by address, so that no name service has a say. */
export interface Urls {
  readonly broker: string;
  readonly admin: string;
  readonly identityProvider: string;
  readonly orders: string;
}

export function urlsOf(ports: Ports): Urls {
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    broker: at(ports.broker),
    admin: at(ports.admin),
    identityProvider: at(ports.identityProvider),
    orders: at(ports.orders),
  };
}
