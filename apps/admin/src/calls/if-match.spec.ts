import type { FastifyRequest } from 'fastify';
import { readIfMatch } from './if-match.ts';

const request = (...fields: string[]): Pick<FastifyRequest, 'raw'> =>
  ({ raw: { rawHeaders: fields.flatMap((field) => ['If-Match', field]) } }) as Pick<FastifyRequest, 'raw'>;

describe('If-Match', () => {
  it('is a version in quotes', () => {
    expect(readIfMatch(request('"4711"'))).toBe('4711');
    expect(readIfMatch(request('"a-b:c"'))).toBe('a-b:c');
  });

  it('P-16: is required', () => {
    expect(() => readIfMatch(request())).toThrow(
      expect.objectContaining({ reason: 'admin.precondition_required' }),
    );
  });

  it.each([
    ['a weak one', ['W/"4711"']],
    ['any', ['*']],
    ['a list', ['"4711", "4712"']],
    ['two headers', ['"4711"', '"4711"']],
    ['no quotes', ['4711']],
    ['nothing', ['']],
    ['an empty one', ['""']],
    ['blanks around it', [' "4711"']],
    ['a quote inside', ['"47"11"']],
    ['a blank inside', ['"47 11"']],
    ['a megabyte', [`"${'1'.repeat(1_000_000)}"`]],
  ])('P-16: %s does not count', (_, fields) => {
    expect(() => readIfMatch(request(...fields))).toThrow(
      expect.objectContaining({ reason: 'admin.precondition_failed' }),
    );
  });
});
