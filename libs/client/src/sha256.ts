/** SHA-256 of bytes, or of the UTF-8 form of a text; 32 bytes. */
export async function sha256(input: Uint8Array<ArrayBuffer> | string): Promise<Uint8Array> {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
