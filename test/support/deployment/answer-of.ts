import type { IncomingMessage } from 'node:http';
import type { Answer } from './caller.ts';

/** Reads a response to its end; its body is JSON, or nothing. */
export function answerOf(response: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    response.on('error', reject).on('end', () => {
      resolve({
        status: response.statusCode ?? 0,
        headers: new Headers(response.headers as Record<string, string>),
        text,
        body: JSON.parse(text || '{}') as Answer['body'],
      });
    });
  });
}
