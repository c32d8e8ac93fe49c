import type { IncomingMessage } from 'node:http';

/**
 * Reads the content of a request and leaves the same bytes for whoever reads the stream next: a body parser cannot
 * tell that somebody was there before it. Null when it holds more than `maxBytes`; the rest is thrown away.
 *
 * Fails  Error when something has read the stream before, or when the caller went away before the end
 */
export function takeAndPutBack(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;

    function onReadable(): void {
      for (let chunk = readFrom(request); chunk !== null; chunk = readFrom(request)) {
        length += chunk.length;
        if (length <= maxBytes) chunks.push(chunk);
      }
      if (length > maxBytes) {
        stop();
        request.resume();
        resolve(null);
      } else if (request.complete) {
        stop();
        const bytes = Buffer.concat(chunks);
        // The end has been reached and not been told yet: it is told once these have been read again.
        if (bytes.length > 0) request.unshift(bytes);
        resolve(bytes);
      }
    }
    function onBrokenOff(): void {
      stop();
      reject(new Error('the request broke off'));
    }
    function stop(): void {
      request.off('readable', onReadable).off('close', onBrokenOff).off('error', onBrokenOff);
    }

    if (request.readableDidRead || request.readableEnded) {
      reject(new Error('something has read the body before the guard: register the guard first'));
      return;
    }
    request.on('readable', onReadable).on('close', onBrokenOff).on('error', onBrokenOff);
  });
}

function readFrom(request: IncomingMessage): Buffer | null {
  const chunk: unknown = request.read();
  if (chunk === null || Buffer.isBuffer(chunk)) return chunk;
  throw new Error('something has set an encoding on the request before the guard');
}
