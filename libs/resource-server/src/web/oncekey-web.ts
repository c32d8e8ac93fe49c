import { rememberGrant } from '../grant-of.ts';
import type { Guard } from '../guard-with.ts';
import { refuse } from '../refuse.ts';
import { metadataAnswer } from '../resource-metadata.ts';
import { readClone } from './read-clone.ts';
import type { Refusal } from '../decision.ts';

export interface OncekeyWebOptions {
  readonly guard: Guard;
  /** Default 1 MiB. */
  readonly maxBodyBytes?: number;
}

/** `operation`: the catalog operation that the route carries out, where it is known already. */
export type WebCheck = (
  request: Request,
  route?: { readonly operation?: string },
) => Promise<Response | null>;

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The guard for everything that speaks `Request` and `Response`: Hono, Next, Deno, Bun, workers. Resolves to the
 * answer when the request is not to be served (or asked for the resource metadata), and to null when it is; its body
 * is then still to be read, and `grantOf(request)` tells what was permitted.
 *
 * Fails  TypeError when the body has been read already
 */
export function oncekeyWeb({ guard, maxBodyBytes = MAX_BODY_BYTES }: OncekeyWebOptions): WebCheck {
  return async (request, { operation } = {}) => {
    const { method, headers } = request;
    const url = new URL(request.url);
    // A fragment is never sent; what a server puts there itself is no part of the request.
    const [rawUrl = ''] = url.href.slice(url.origin.length).split('#', 1);
    const open = metadataAnswer(guard.metadata, { method, rawUrl });
    if (open !== null) {
      return new Response(method === 'HEAD' ? null : open.body, {
        status: open.status,
        headers: open.headers,
      });
    }
    const rawBody = await readClone(request, maxBodyBytes);
    if (rawBody === null) return responseOf(refuse('body_too_large'), method);

    // Duplicates arrive joined by commas, which none of the headers that are looked at may hold.
    const rawHeaders = [...headers].flat();
    if (!headers.has('host')) rawHeaders.push('host', url.host);
    const decision = await guard.check({ method, rawUrl, rawHeaders, rawBody, operation });
    if (!decision.granted) return responseOf(decision.refusal, method);
    rememberGrant(request, decision.grant);
    return null;
  };
}

function responseOf({ status, headers, body }: Refusal, method: string): Response {
  const content = method === 'HEAD' ? null : JSON.stringify(body);
  return new Response(content, { status, headers: { 'content-type': 'application/json', ...headers } });
}
