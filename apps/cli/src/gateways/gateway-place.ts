/** Where a gateway stands: what its configuration is filled in with. None of it has a blank, a quote or a `$`. */
export interface GatewayPlace {
  /** Registration id of the resource server. */
  readonly id: string;
  /** Client id of the resource server, for gateways that introspect. */
  readonly clientId: string;
  /** Of the API, as callers spell it: `https://api.example`. */
  readonly origin: string;
  /** Of the API, without a port. */
  readonly host: string;
  /** That the gateway listens on. */
  readonly port: number;
  /** `host:port` at which the gateway reaches the broker, in a network of their own. */
  readonly broker: string;
  /** `host:port` at which the gateway reaches the API. */
  readonly api: string;
}

/** What the files in `examples` are filled in with. */
export const EXAMPLE_PLACE: GatewayPlace = {
  id: 'orders',
  clientId: 'orders-api',
  origin: 'https://api.example',
  host: 'api.example',
  port: 8443,
  broker: '127.0.0.1:8080',
  api: '127.0.0.1:3000',
};
