import { readRequest } from './read-request.ts';

const URL = 'https://api.example/orders?x=1';

describe('readRequest', () => {
  it('takes a body for JSON', async () => {
    const request = await readRequest('post', URL, { data: '{"a":1}' });
    expect([request.method, request.url, request.headers.get('content-type'), await request.text()]).toEqual([
      'POST',
      URL,
      'application/json',
      '{"a":1}',
    ]);
  });

  it('takes headers, and another content type', async () => {
    const request = await readRequest('PUT', URL, {
      data: 'a',
      header: ['Content-Type: text/plain', 'X-A:  b: c'],
    });
    expect([request.headers.get('content-type'), request.headers.get('x-a')]).toEqual(['text/plain', 'b: c']);
  });

  it('sends no content type without a body', async () => {
    expect((await readRequest('GET', URL, {})).headers.has('content-type')).toBe(false);
  });

  it.each<{ name: string; method?: string; url?: string; options?: object }>([
    { name: 'a method that is none', method: 'GET /' },
    { name: 'a URL that is not absolute', url: '/orders' },
    { name: 'a header without a colon', options: { header: ['X-A'] } },
    { name: 'a header with a line break', options: { header: ['X-A: b\nX-C: d'] } },
    { name: 'a body with GET', options: { data: 'x' } },
    { name: 'a file that is not there', method: 'POST', options: { data: '@/no/such/file' } },
  ])('refuses $name as wrong usage', async ({ method = 'GET', url = URL, options = {} }) => {
    await expect(readRequest(method, url, options)).rejects.toMatchObject({ name: 'Failure', exitCode: 2 });
  });
});
