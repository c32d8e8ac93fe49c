import type { OncekeyClient } from '../oncekey-client.ts';
import { readDispatched, type DispatchedRequest } from './read-dispatched.ts';

/** Of undici's `DispatchController`; here, of a request that is over before it began. */
export interface UndiciController {
  readonly aborted: boolean;
  readonly paused: boolean;
  readonly reason: Error | null;
  abort(): void;
  pause(): void;
  resume(): void;
}

/** Of undici's `DispatchHandler`. */
export interface UndiciHandler {
  onResponseError?(controller: UndiciController, error: Error): void;
}

/**
 * An interceptor for `compose` of undici 7: each request that passes it earns a token of its own. What is composed
 * before it sends the same token again when it repeats something, and is told 401; what is composed after it, such as
 * `interceptors.retry()`, earns a new one for each attempt. For `request` and `stream`; there is `fetch` already.
 *
 * Fails  through the request, before anything was sent: OncekeyError; TypeError for a body that is neither text, bytes
 *        nor a stream
 */
export function oncekeyUndici({ authorize }: Pick<OncekeyClient, 'authorize'>) {
  return <Options extends DispatchedRequest, Handler extends UndiciHandler>(
      dispatch: (options: Options, handler: Handler) => boolean,
    ): ((options: Options, handler: Handler) => boolean) =>
    (options, handler) => {
      authorized(options).then(
        (changes) => dispatch({ ...options, ...changes }, handler),
        (thrown: unknown) => {
          const error = thrown instanceof Error ? thrown : new Error(String(thrown));
          handler.onResponseError?.(neverStarted(error), error);
        },
      );
      return true;
    };

  async function authorized(options: DispatchedRequest) {
    const request = await authorize(await readDispatched(options));
    const { origin, pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    return {
      origin,
      path: `${pathname}${search}`,
      query: undefined,
      headers: Object.fromEntries(request.headers),
      body: body.length === 0 ? null : body,
    };
  }
}

function neverStarted(reason: Error): UndiciController {
  const nothing = (): void => undefined;
  return { aborted: true, paused: false, reason, abort: nothing, pause: nothing, resume: nothing };
}
