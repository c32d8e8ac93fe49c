/** Raw requests to the broker's edge: every byte is the test's own. */
export const FORM_TYPE = 'Content-Type: application/x-www-form-urlencoded';
export const GOOD = 'token=once_x';

/** A request of raw bytes: the request line, header fields, a body. */
export function request(line: string, headers: readonly string[] = [], body = ''): string {
  const length = headers.some((field) => /^(content-length|transfer-encoding)/i.test(field))
    ? []
    : [`Content-Length: ${body.length}`];
  const last = headers.some((field) => field.startsWith('Connection')) ? [] : ['Connection: close'];
  return [`${line} HTTP/1.1`, 'Host: broker.example', ...headers, ...last, ...length, '', body].join('\r\n');
}

export const post = (headers: readonly string[], body = GOOD, path = '/introspect'): string =>
  request(`POST ${path}`, headers, body);

/** A form that has the shape of a token exchange. */
export function tokenForm(): string {
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: 'a.b.c',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  }).toString();
}
