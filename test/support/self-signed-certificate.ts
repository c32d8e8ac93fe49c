import { generateKeyPairSync, sign } from 'node:crypto';
import { oid, sequence, tagged, time } from './der.ts';

export interface CertificateWishes {
  readonly host: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate that vouches for itself (RFC 5280), with its P-256 key; both PEM. For tests of TLS. */
export function selfSignedCertificate(wishes: CertificateWishes): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const name = sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(wishes.host)))));
  const subjectAltName = sequence(
    oid('551d11'),
    tagged(0x04, sequence(tagged(0x82, Buffer.from(wishes.host)))),
  );
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time(wishes.notBefore), time(wishes.notAfter)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    tagged(0xa3, sequence(subjectAltName)),
  );
  const signature = Buffer.concat([Buffer.alloc(1), sign('sha256', body, privateKey)]);
  const der = sequence(body, ecdsaWithSha256, tagged(0x03, signature));
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}
