/** One value in DER. */
export function tagged(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const octets = content.length.toString(16);
  const length = Buffer.from(octets.padStart(octets.length + (octets.length % 2), '0'), 'hex');
  const head = content.length < 0x80 ? [content.length] : [0x80 + length.length, ...length];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

export function sequence(...contents: readonly Buffer[]): Buffer {
  return tagged(0x30, ...contents);
}

export function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

/** GeneralizedTime, which reaches past 2049. */
export function time(at: Date): Buffer {
  return tagged(0x18, Buffer.from(`${at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`));
}
