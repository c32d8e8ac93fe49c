import { contentDigest } from './content-digest.ts';

it('digests bytes as RFC 9530 writes it', () => {
  expect(contentDigest(Buffer.from('{"hello": "world"}'))).toBe(
    'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
  );
});
