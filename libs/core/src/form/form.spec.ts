import { OAuthError } from '../errors/oauth-error.ts';
import { MAX_FORM_BYTES, readForm } from './form.ts';

const FORM = 'application/x-www-form-urlencoded';

function reasonFor(body: string | Uint8Array, contentType: string | undefined = FORM): string {
  try {
    readForm(contentType, typeof body === 'string' ? Buffer.from(body) : body);
    return 'ok';
  } catch (thrown) {
    if (thrown instanceof OAuthError) return thrown.reason;
    throw thrown;
  }
}

describe('readForm', () => {
  it.each([
    { name: 'accepts a form', type: FORM, expected: 'ok' },
    { name: 'H-02 accepts any case', type: 'Application/X-WWW-Form-Urlencoded', expected: 'ok' },
    { name: 'H-02 accepts charset UTF-8', type: `${FORM};charset=UTF-8`, expected: 'ok' },
    { name: 'H-02 accepts a quoted charset', type: `${FORM}; charset="utf-8"`, expected: 'ok' },
    {
      name: 'H-02 refuses another charset',
      type: `${FORM};charset=utf-16`,
      expected: 'request.wrong_media_type',
    },
    { name: 'H-02 refuses JSON', type: 'application/json', expected: 'request.wrong_media_type' },
    { name: 'H-02 refuses a tab and more', type: `${FORM}\tx`, expected: 'request.wrong_media_type' },
    {
      name: 'H-02 refuses two types in one field',
      type: `${FORM}, application/json`,
      expected: 'request.wrong_media_type',
    },
    {
      name: 'H-02 refuses multipart',
      type: 'multipart/form-data; boundary=x',
      expected: 'request.wrong_media_type',
    },
  ])('$name', ({ type, expected }) => {
    expect(reasonFor('a=b', type)).toBe(expected);
  });

  it('H-02 refuses a body without a type', () => {
    expect(() => readForm(undefined, Buffer.from('a=b'))).toThrow(OAuthError);
  });

  it.each([
    { name: 'accepts unknown parameters', body: 'a=b&x=y', expected: 'ok' },
    { name: 'accepts a repeated resource', body: 'resource=a&resource=b', expected: 'ok' },
    { name: 'accepts no body', body: '', expected: 'ok' },
    { name: 'check 12 refuses a repeated parameter', body: 'a=b&a=b', expected: 'request.malformed' },
    {
      name: 'H-01 refuses one that is repeated by another spelling of its name',
      body: 'abc=b&%61bc=c',
      expected: 'request.malformed',
    },
    { name: 'H-01 refuses one that is repeated and empty', body: 'a=&a=b', expected: 'request.malformed' },
    { name: 'H-01 refuses a list by brackets', body: 'token[]=x', expected: 'request.malformed' },
    { name: 'H-01 refuses an object by brackets', body: 'a%5Bb%5D=c', expected: 'request.malformed' },
    { name: 'refuses a broken escape', body: 'a=%zz', expected: 'request.malformed' },
    { name: 'refuses an overlong encoding', body: 'a=%C0%AF', expected: 'request.malformed' },
    { name: 'refuses a parameter without a name', body: '=x', expected: 'request.malformed' },
    { name: 'refuses two separators in a row', body: 'a=b&&c=d', expected: 'request.malformed' },
    {
      name: 'H-04 refuses 65 parameters',
      body: Array.from({ length: 65 }, (_, at) => `p${at}=x`).join('&'),
      expected: 'request.malformed',
    },
    { name: 'H-04 refuses a very long name', body: `${'n'.repeat(65)}=x`, expected: 'request.malformed' },
    {
      name: 'H-04 refuses a body over the cap',
      body: `a=${'x'.repeat(MAX_FORM_BYTES)}`,
      expected: 'request.too_large',
    },
  ])('$name', ({ body, expected }) => {
    expect(reasonFor(body)).toBe(expected);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(reasonFor(Buffer.from([0x61, 0x3d, 0xff]))).toBe('request.malformed');
  });

  it('reads values, and takes an empty one as absent', () => {
    const form = readForm(
      FORM,
      Buffer.from('a=1+2%2B3&empty=&flag&resource=x&resource=&resource=y&u=%E2%82%AC'),
    );
    expect(form.one('a')).toBe('1 2+3');
    expect(form.one('empty')).toBeNull();
    expect(form.one('flag')).toBeNull();
    expect(form.one('absent')).toBeNull();
    expect(form.one('u')).toBe('€');
    expect(form.all('resource')).toEqual(['x', 'y']);
  });
});
