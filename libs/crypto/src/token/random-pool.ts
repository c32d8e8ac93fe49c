import { randomFillSync } from 'node:crypto';

const PIECES = 256;

/** Random bytes, drawn for many uses at once: one call costs as much as the bytes of a hundred. */
export class RandomPool {
  private readonly pool: Buffer;
  private used: number;

  constructor(private readonly pieceBytes: number) {
    this.pool = Buffer.alloc(pieceBytes * PIECES);
    this.used = this.pool.length;
  }

  /** A view of bytes that nobody was given before; to be used before 255 more are drawn. */
  draw(): Buffer {
    if (this.used === this.pool.length) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    this.used += this.pieceBytes;
    return this.pool.subarray(this.used - this.pieceBytes, this.used);
  }
}
