import type { HttpFacts } from '../form/http-facts.ts';

/** `ANY /forward-auth/<id>`: a gateway asks whether it may pass on the request that it was sent. Nothing of it is believed yet. */
export interface ForwardAuthRequest {
  /** First segment of the path below the endpoint: the id of a resource server. */
  readonly serverId: string;
  /** What follows in the path, and the query; empty, or with the `/` or `?` that it begins with. */
  readonly rest: string;
  /** Method of the question itself. */
  readonly method: string;
  /** `ip`: the peer of the socket; null where that passes on what others send. */
  readonly http: Pick<HttpFacts, 'rawHeaders' | 'ip'>;
}
