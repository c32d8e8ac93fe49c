import { isOfKind, type JwtKind } from './jwt-kind.ts';

describe('isOfKind', () => {
  test.each<[string, string | null, JwtKind]>([
    ['a client assertion without typ', null, 'client_assertion'],
    ['a client assertion typed JWT', 'JWT', 'client_assertion'],
    ['a client assertion with the explicit type', 'client-authentication+jwt', 'client_assertion'],
    ['an ID token without typ', null, 'id_token'],
    ['an ID token typed jwt', 'jwt', 'id_token'],
    ['a key-bound ID token', 'dpop+id_token', 'key_bound_id_token'],
    ['a DPoP proof', 'dpop+jwt', 'dpop_proof'],
    ['J-37 a DPoP proof in capitals with its full media type', 'application/DPOP+JWT', 'dpop_proof'],
    ['J-37 an ID token with its full media type', 'Application/jwt', 'id_token'],
  ])('accepts %s', (_, typ, kind) => {
    expect(isOfKind(typ, kind)).toBe(true);
  });

  test.each<[string, string | null, JwtKind]>([
    ['J-17 a DPoP proof as client assertion', 'dpop+jwt', 'client_assertion'],
    ['J-17 a client assertion as DPoP proof', 'client-authentication+jwt', 'dpop_proof'],
    ['J-17 an untyped JWT as DPoP proof', null, 'dpop_proof'],
    ['J-17 a plain JWT as DPoP proof', 'JWT', 'dpop_proof'],
    ['J-18 an access token as ID token', 'at+jwt', 'id_token'],
    ['J-19 a security event as ID token', 'secevent+jwt', 'id_token'],
    ['J-19 a logout token as ID token', 'logout+jwt', 'id_token'],
    ['J-19 an introspection response as ID token', 'token-introspection+jwt', 'id_token'],
    ['a client assertion as ID token', 'client-authentication+jwt', 'id_token'],
    ['a key-bound ID token as a plain one', 'dpop+id_token', 'id_token'],
    ['a plain ID token as a key-bound one', null, 'key_bound_id_token'],
    ['an empty typ as an absent one', '', 'client_assertion'],
    ['the bare prefix as an absent typ', 'application/', 'id_token'],
    ['another top-level type', 'text/jwt', 'id_token'],
    ['the prefix twice', 'application/application/jwt', 'id_token'],
    ['a parameter', 'jwt; charset=utf-8', 'id_token'],
    ['a blank at the end', 'jwt ', 'id_token'],
    ['a newline at the end', 'dpop+jwt\n', 'dpop_proof'],
    ['J-42 a Kelvin sign for a k', 'dpop+id_to\u212aen', 'key_bound_id_token'],
  ])('refuses %s', (_, typ, kind) => {
    expect(isOfKind(typ, kind)).toBe(false);
  });
});
