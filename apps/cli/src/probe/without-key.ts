/**
 * A `fetch` for software that has no key to prove, as the callers of an API with `proof: none` may be: the broker sees
 * no proof, and gives out a bearer token. The SDK takes none of these, so its answer is told as that of a bound one.
 */
export function withoutKey(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    if (!request.headers.has('dpop')) return fetch(request);
    request.headers.delete('dpop');
    const response = await fetch(request);
    if (!response.ok) return response;
    const { headers, status } = response;
    const told: unknown = Object.assign({}, await response.json(), { token_type: 'DPoP' });
    return Response.json(told, { status, headers: withoutLength(headers) });
  };
}

/** The text is another one than was sent. */
function withoutLength(headers: Headers): Headers {
  const others = new Headers(headers);
  for (const name of ['content-length', 'content-encoding']) others.delete(name);
  return others;
}
