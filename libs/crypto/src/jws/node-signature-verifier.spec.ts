import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { readCompactJws, readPublicKey, type CompactJws, type JwsAlgorithm, type PublicKey } from '#core';
import { publicJwkOf } from '../../../../test/support/public-jwk-of.ts';
import { NodeSignatureVerifier } from './node-signature-verifier.ts';

interface Pair {
  privateKey: KeyObject;
  key: PublicKey;
}

const pair = ({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): Pair => ({
  privateKey,
  key: read(publicJwkOf(publicKey)),
});
const read = (jwk: object): PublicKey => {
  const key = readPublicKey(jwk);
  if (key === null) throw new Error('not a key');
  return key;
};

const ec = pair(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const ed = pair(generateKeyPairSync('ed25519'));
const rsa = pair(generateKeyPairSync('rsa', { modulusLength: 2048 }));

const SIGNERS = {
  ES256: (data: Buffer) => sign('sha256', data, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (data: Buffer) => sign(null, data, ed.privateKey),
  Ed25519: (data: Buffer) => sign(null, data, ed.privateKey),
  PS256: (data: Buffer) => pss(data, 32),
  RS256: (data: Buffer) => sign('sha256', data, rsa.privateKey),
} satisfies Record<JwsAlgorithm, (data: Buffer) => Buffer>;

function pss(data: Buffer, saltLength: number, hash = 'sha256'): Buffer {
  return sign(hash, data, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

const KEYS: Record<JwsAlgorithm, PublicKey> = {
  ES256: ec.key,
  EdDSA: ed.key,
  Ed25519: ed.key,
  PS256: rsa.key,
  RS256: rsa.key,
};
const ALGORITHMS = Object.keys(KEYS) as JwsAlgorithm[];

const INPUT = `${encode({ alg: 'any' })}.${encode({ sub: 'ada' })}`;

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function jwsWith(signature: Uint8Array, signingInput = INPUT): CompactJws {
  return { alg: '', typ: null, kid: null, header: {}, payload: {}, signingInput, signature };
}

function signed(alg: JwsAlgorithm, signingInput = INPUT): CompactJws {
  return jwsWith(SIGNERS[alg](Buffer.from(signingInput)), signingInput);
}

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const scalar = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

describe(NodeSignatureVerifier.name, () => {
  const verifier = new NodeSignatureVerifier();

  test.each(ALGORITHMS)('%s: takes what its key signed, again and again', (alg) => {
    const jws = signed(alg);
    expect([1, 2, 3].map(() => verifier.verify(jws, KEYS[alg], alg))).toEqual([true, true, true]);
    expect(verifier.verify(jws, { ...KEYS[alg] }, alg)).toBe(true);
  });

  test.each(ALGORITHMS)('%s: refuses another text under the same signature', (alg) => {
    expect(verifier.verify({ ...signed(alg), signingInput: `${INPUT}x` }, KEYS[alg], alg)).toBe(false);
  });

  test.each(ALGORITHMS)('%s: refuses a signature cut short, grown, empty, or of zeros', (alg) => {
    const { signature } = signed(alg);
    const spoilt = [
      signature.subarray(1),
      signature.subarray(0, -1),
      Buffer.concat([signature, Buffer.alloc(1)]),
      Buffer.concat([Buffer.alloc(1), signature]),
      Buffer.alloc(0),
      Buffer.alloc(signature.length),
    ];
    expect(spoilt.map((one) => verifier.verify(jwsWith(one), KEYS[alg], alg))).toEqual(
      spoilt.map(() => false),
    );
  });

  test.each(
    ALGORITHMS.flatMap((alg) => ALGORITHMS.map((other) => [alg, other] as const)).filter(
      ([alg, other]) => alg !== other && !(KEYS[alg] === ed.key && KEYS[other] === ed.key),
    ),
  )('J-07: what was signed with %s is not taken as %s', (alg, other) => {
    const jws = signed(alg);
    expect(verifier.verify(jws, KEYS[alg], other)).toBe(false);
    expect(verifier.verify(jws, KEYS[other], other)).toBe(false);
  });

  test.each([
    [
      'J-04: the key is for RS256 and the JWS is PS256',
      { ...rsa.key, alg: 'RS256' as const },
      'PS256' as const,
      false,
    ],
    [
      'J-04: the key is for PS256 and the JWS is RS256',
      { ...rsa.key, alg: 'PS256' as const },
      'RS256' as const,
      false,
    ],
    [
      'J-10: the key is for Ed25519 and the JWS is EdDSA',
      { ...ed.key, alg: 'Ed25519' as const },
      'EdDSA' as const,
      true,
    ],
    [
      'J-10: the key is for EdDSA and the JWS is Ed25519',
      { ...ed.key, alg: 'EdDSA' as const },
      'Ed25519' as const,
      true,
    ],
  ])('%s', (_, key, alg, expected) => {
    expect(verifier.verify(signed(alg), key, alg)).toBe(expected);
  });

  test('J-20: r and s out of their range are no signature', () => {
    const honest = Buffer.from(signed('ES256').signature);
    const r = honest.subarray(0, 32);
    const s = honest.subarray(32);
    const spoilt = [
      [scalar(0n), s],
      [r, scalar(0n)],
      [scalar(0n), scalar(0n)],
      [scalar(ORDER), s],
      [r, scalar(ORDER)],
      [scalar(ORDER), scalar(ORDER)],
      [scalar(2n ** 256n - 1n), s],
      [r, scalar(2n ** 256n - 1n)],
      [scalar(1n), scalar(1n)],
    ].map((parts) => verifier.verify(jwsWith(Buffer.concat(parts)), ec.key, 'ES256'));
    expect(spoilt).toEqual(spoilt.map(() => false));
  });

  test('J-20: a DER signature is no JWS signature', () => {
    const der = sign('sha256', Buffer.from(INPUT), ec.privateKey);
    expect(verifier.verify(jwsWith(der), ec.key, 'ES256')).toBe(false);
  });

  test.each([
    ['no salt', 0, 'sha256'],
    ['a salt of 31 bytes', 31, 'sha256'],
    ['a salt of 33 bytes', 33, 'sha256'],
    ['the longest salt', constants.RSA_PSS_SALTLEN_MAX_SIGN, 'sha256'],
    ['another hash', 32, 'sha384'],
    ['an old hash', 32, 'sha1'],
  ])('J-65: PS256 with %s is refused', (_, saltLength, hash) => {
    expect(verifier.verify(jwsWith(pss(Buffer.from(INPUT), saltLength, hash)), rsa.key, 'PS256')).toBe(false);
  });

  test('J-65: PS256 with another mask generation hash is refused', () => {
    const odd = generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      hashAlgorithm: 'sha256',
      mgf1HashAlgorithm: 'sha1',
      // Declared as a string, taken as a number.
      saltLength: 32 as never,
    });
    const signature = sign('sha256', Buffer.from(INPUT), odd.privateKey);
    // The modulus sits in the public key's DER; an RSA key made of it forgets the parameters.
    const der = odd.publicKey.export({ format: 'der', type: 'spki' });
    const n = der.subarray(der.length - 5 - 256, der.length - 5).toString('base64url');
    const key = read({ kty: 'RSA', n, e: 'AQAB' });
    expect(createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' }).asymmetricKeyType).toBe(
      'rsa',
    );
    expect(verifier.verify(jwsWith(signature), key, 'PS256')).toBe(false);
  });

  test('J-02: a MAC under the public key is no signature', () => {
    const pem = createPublicKey(ec.privateKey).export({ format: 'pem', type: 'spki' });
    const mac = createHmac('sha256', Buffer.from(pem)).update(INPUT).digest();
    expect(ALGORITHMS.map((alg) => verifier.verify(jwsWith(mac), KEYS[alg], alg))).toEqual(
      ALGORITHMS.map(() => false),
    );
  });

  test('DP-07: a point off its curve is no key, and asking again does not throw', () => {
    const { jwk } = ec.key;
    if (jwk.kty !== 'EC') throw new Error('not EC');
    const off = read({ ...jwk, y: Buffer.alloc(32, 5).toString('base64url') });
    expect([1, 2].map(() => verifier.verify(signed('ES256'), off, 'ES256'))).toEqual([false, false]);
  });

  test.each([
    '0100000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000080',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  ])('a key of small order, for which anybody can sign, is no key: %s', (point) => {
    const key = read({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(point, 'hex').toString('base64url') });
    // R = the neutral element, s = 0: this satisfies the equation for the neutral element and every message.
    const signature = Buffer.alloc(64);
    signature[0] = 1;
    expect(verifier.verify(jwsWith(signature), key, 'EdDSA')).toBe(false);
  });

  test('Ed25519: s grown by the order of the group is another spelling, and refused', () => {
    const signature = Buffer.from(signed('EdDSA').signature);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
    const grown = Buffer.concat([signature.subarray(0, 32), scalar(s).reverse()]);
    expect(verifier.verify(jwsWith(grown), ed.key, 'EdDSA')).toBe(false);
  });

  test('keys of the same thumbprint are imported once, whatever else their JWK says', () => {
    const fresh = new NodeSignatureVerifier();
    const again = read({ ...ec.key.jwk, kid: 'renamed', use: 'sig' });
    expect(again.thumbprint).toBe(ec.key.thumbprint);
    expect(fresh.verify(signed('ES256'), ec.key, 'ES256')).toBe(true);
    expect(fresh.verify(signed('ES256'), again, 'ES256')).toBe(true);
  });

  describe('of a JWS that is presented again', () => {
    const verifierOfRepeats = () => {
      const fresh = new NodeSignatureVerifier();
      return { fresh, verified: jest.spyOn(fresh, 'verify') };
    };

    test.each(ALGORITHMS)('%s: a good signature is verified once', (alg) => {
      const { fresh, verified } = verifierOfRepeats();
      const jws = signed(alg);
      expect([1, 2, 3].map(() => fresh.verifyRepeated({ ...jws }, KEYS[alg], alg))).toEqual([
        true,
        true,
        true,
      ]);
      expect(verified).toHaveBeenCalledTimes(1);
    });

    test('K-20 after a good one, nothing passes that differs from it in text, signature, key or algorithm', () => {
      const { fresh } = verifierOfRepeats();
      const jws = signed('ES256');
      const stranger = pair(generateKeyPairSync('ec', { namedCurve: 'P-256' })).key;
      const otherSignature = Buffer.from(jws.signature);
      otherSignature[63] = otherSignature[63]! ^ 1;
      expect(fresh.verifyRepeated(jws, ec.key, 'ES256')).toBe(true);
      expect([
        fresh.verifyRepeated({ ...jws, signingInput: `${INPUT}A` }, ec.key, 'ES256'),
        fresh.verifyRepeated({ ...jws, signature: otherSignature }, ec.key, 'ES256'),
        fresh.verifyRepeated({ ...jws, signature: jws.signature.subarray(0, 63) }, ec.key, 'ES256'),
        fresh.verifyRepeated(jws, stranger, 'ES256'),
        fresh.verifyRepeated(jws, ec.key, 'PS256'),
        fresh.verifyRepeated(jws, { ...ec.key, alg: 'PS256' }, 'ES256'),
      ]).toEqual(Array(6).fill(false));
      expect(fresh.verifyRepeated(jws, ec.key, 'ES256')).toBe(true);
    });

    test('a bad signature is remembered as nothing', () => {
      const { fresh, verified } = verifierOfRepeats();
      const bad = jwsWith(Buffer.alloc(64, 1));
      expect([1, 2].map(() => fresh.verifyRepeated(bad, ec.key, 'ES256'))).toEqual([false, false]);
      expect(verified).toHaveBeenCalledTimes(2);
    });
  });

  test('a JWS as it comes from the wire is verified', () => {
    const text = `${INPUT}.${Buffer.from(signed('ES256').signature).toString('base64url')}`;
    const jws = readCompactJws(text);
    expect(jws !== null && verifier.verify(jws, ec.key, 'ES256')).toBe(true);
  });
});
