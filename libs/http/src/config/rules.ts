import { canonicalTargetUri } from '#core';
import { ValidateBy } from 'class-validator';
import { readNetwork, WIDEST } from '../network/trusted-proxies.ts';

/** A connection URL of Postgres with a host and a database. */
export function IsPostgresUrl(): PropertyDecorator {
  return rule('isPostgresUrl', 'must be a URL like postgres://user:password@host:5432/database', (value) => {
    if (typeof value !== 'string' || !URL.canParse(value)) return false;
    const { protocol, hostname, pathname } = new URL(value);
    return /^postgres(?:ql)?:$/.test(protocol) && hostname !== '' && pathname.length > 1;
  });
}

/** An issuer identifier in the one spelling that URLs built from it have (RFC 8414 §2). */
export function IsIssuer(): PropertyDecorator {
  return rule(
    'isIssuer',
    'must be a URL like https://broker.example: lower case, without query, fragment and trailing slash',
    (value) => {
      if (typeof value !== 'string') return false;
      const uri = canonicalTargetUri(value, { allowHttpLoopback: true });
      return uri !== null && uri.query === '' && `${uri.origin}${uri.path === '/' ? '' : uri.path}` === value
        ? !value.endsWith('/')
        : false;
    },
  );
}

/** Addresses and networks: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. None is wider than a private network can be: it would hold strangers. */
export function AreNetworks(): PropertyDecorator {
  return rule(
    'areNetworks',
    `must be a list of IP addresses and networks like 10.0.0.7, fd00::/8, none wider than /${WIDEST.ipv4} or, of IPv6, /${WIDEST.ipv6}`,
    (value) =>
      Array.isArray(value) && value.every((one) => typeof one === 'string' && readNetwork(one) !== null),
  );
}

function rule(name: string, message: string, validate: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({ name, validator: { validate, defaultMessage: () => message } });
}
