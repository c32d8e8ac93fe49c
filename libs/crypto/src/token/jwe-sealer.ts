import { createCipheriv, createDecipheriv } from 'node:crypto';
import { MAX_TOKEN_CHARS, type Sealer, type Unsealed } from '#core';
import type { KeyRing } from '../keys/key-ring.ts';
import type { SealingKey } from '../keys/ring-key.ts';
import { RandomPool } from './random-pool.ts';
import type { SealKind } from './seal-kind.ts';
import { headerSegment, IV_BYTES, readSealedText, TAG_BYTES, type SealedText } from './sealed-text.ts';

/** Which keys seal and open; the key ring, as far as tokens are concerned. */
export type SealingKeys = Pick<KeyRing, 'sealingKey' | 'sealingKeyById' | 'findSealingKey'>;

/** What every token of one key shares. */
interface SealHeader {
  readonly segment: string;
  /** Additional authenticated data: the header as text (RFC 7516 §5.1, step 14). */
  readonly aad: Buffer;
}

const CIPHER = 'aes-256-gcm';

/**
 * Seals content of one kind with AES-256-GCM under the key ring's sealing keys (RFC 7516, `dir`, `A256GCM`).
 *
 * IVs are random: a key must retire long before it has sealed 2^32 tokens (NIST SP 800-38D §8.3), which a daily
 * rotation keeps at any rate that one ring can reach.
 */
export class JweSealer<Content> implements Sealer<Content> {
  private readonly ivs = new RandomPool(IV_BYTES);
  private readonly headers = new WeakMap<SealingKey, SealHeader>();

  constructor(
    private readonly ring: SealingKeys,
    private readonly kind: SealKind,
  ) {}

  /** Fails  Unavailable; RangeError for content that is too large to be looked at when it comes back */
  seal(content: Content): string {
    const key = this.ring.sealingKey();
    const { segment, aad } = this.headerOf(key);
    const iv = this.ivs.draw();
    const cipher = createCipheriv(CIPHER, key.secret, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(aad);
    const ciphertext =
      cipher.update(JSON.stringify(content), 'utf8', 'base64url') + cipher.final('base64url');
    const tag = cipher.getAuthTag().toString('base64url');
    const token = `${this.kind.prefix}${segment}..${iv.toString('base64url')}.${ciphertext}.${tag}`;
    if (token.length > MAX_TOKEN_CHARS) throw new RangeError('too large for a token');
    return token;
  }

  unseal(token: string): Unsealed<Content> | Promise<Unsealed<Content>> {
    const sealed = readSealedText(token, this.kind);
    if (sealed === null) return { refused: 'token.malformed' };
    const key = this.ring.sealingKeyById(sealed.kid);
    return key === null ? this.unsealWithNewKey(sealed) : this.open(sealed, key);
  }

  private async unsealWithNewKey(sealed: SealedText): Promise<Unsealed<Content>> {
    const key = await this.ring.findSealingKey(sealed.kid);
    return key === null ? { refused: 'token.unknown_key' } : this.open(sealed, key);
  }

  private open({ iv, ciphertext, tag }: SealedText, key: SealingKey): Unsealed<Content> {
    const decipher = createDecipheriv(CIPHER, key.secret, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(this.headerOf(key).aad);
    decipher.setAuthTag(tag);
    let text = decipher.update(ciphertext, undefined, 'utf8');
    try {
      text += decipher.final('utf8');
    } catch {
      return { refused: 'token.forged' };
    }
    // INVARIANT: the seal opened over the header of this kind, so `seal` made this text from its content.
    const opened: Content = JSON.parse(text);
    return { opened };
  }

  private headerOf(key: SealingKey): SealHeader {
    const known = this.headers.get(key);
    if (known !== undefined) return known;
    const segment = headerSegment(key.kid, this.kind);
    const header = { segment, aad: Buffer.from(segment, 'latin1') };
    this.headers.set(key, header);
    return header;
  }
}
