/**
 * The bytes of a request whose body is then still to be read. Null when there are more than `maxBytes`; the rest is
 * then not read at all.
 *
 * Fails  TypeError when the body has been read already; what the body's stream throws
 */
export async function readClone(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  if (request.bodyUsed) throw new TypeError('something has read the body before the guard');
  const { body } = request.clone();
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > maxBytes) {
      // Both branches have to be cancelled before the sender is told to stop; neither has anything to say to it.
      await Promise.all([reader.cancel(), request.body?.cancel()]).catch(() => undefined);
      return null;
    }
    chunks.push(read.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
