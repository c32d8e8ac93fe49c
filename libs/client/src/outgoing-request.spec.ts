import { createHash } from 'node:crypto';
import { readOutgoingRequest } from './outgoing-request.ts';

const URL_ = 'https://api.example/orders';
const CAP = 1000;

const digestOf = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('base64');

const streamOf = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });

const post = (init: RequestInit) => new Request(URL_, { method: 'POST', duplex: 'half', ...init });

describe('readOutgoingRequest', () => {
  it.each<{ name: string; body: NonNullable<RequestInit['body']>; bytes: string; type: string | null }>([
    { name: 'a string', body: 'ü', bytes: 'ü', type: 'text/plain;charset=UTF-8' },
    { name: 'bytes', body: new Uint8Array([97, 98]), bytes: 'ab', type: null },
    {
      name: 'a form',
      body: new URLSearchParams({ a: '1 2' }),
      bytes: 'a=1+2',
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
    },
    { name: 'a blob', body: new Blob(['ab'], { type: 'text/csv' }), bytes: 'ab', type: 'text/csv' },
    { name: 'a stream', body: streamOf('a', 'b'), bytes: 'ab', type: null },
  ])('digests $name', async ({ body, bytes, type }) => {
    const read = await readOutgoingRequest(post({ body }), CAP);
    expect(Buffer.from(read.body ?? []).toString()).toBe(bytes);
    expect(read.digest).toBe(digestOf(bytes));
    expect(read.headers.get('content-type')).toBe(type);
  });

  it('digests a multipart form with the boundary that is sent', async () => {
    const body = new FormData();
    body.set('file', new Blob(['x']), 'x.txt');
    const read = await readOutgoingRequest(post({ body }), CAP);
    const boundary = /boundary=(.+)$/.exec(read.headers.get('content-type') ?? '')?.[1];
    expect(Buffer.from(read.body ?? []).toString()).toContain(`--${boundary}--`);
    expect(read.digest).toBe(digestOf(read.body ?? ''));
  });

  it.each<{ name: string; init: RequestInit }>([
    { name: 'no body', init: {} },
    { name: 'an empty body', init: { body: '' } },
  ])('has no digest for $name', async ({ init }) => {
    expect(await readOutgoingRequest(post(init), CAP)).toMatchObject({ body: null, digest: null });
  });

  it.each<{ name: string; body: NonNullable<RequestInit['body']> }>([
    { name: 'a string', body: 'x'.repeat(CAP + 1) },
    { name: 'a stream', body: streamOf('x'.repeat(CAP), 'x') },
  ])('refuses $name above the cap', async ({ body }) => {
    await expect(readOutgoingRequest(post({ body }), CAP)).rejects.toMatchObject({ code: 'body_too_large' });
  });

  it('refuses a URL that brokers refuse', async () => {
    await expect(readOutgoingRequest(new Request('http://api.example/'), CAP)).rejects.toMatchObject({
      code: 'unacceptable_uri',
    });
  });

  it.each([
    { asked: 'follow', sent: 'manual' },
    { asked: 'manual', sent: 'manual' },
    { asked: 'error', sent: 'error' },
  ] as const)('makes redirect $asked into $sent', async ({ asked, sent }) => {
    expect((await readOutgoingRequest(post({ redirect: asked }), CAP)).redirect).toBe(sent);
  });
});
