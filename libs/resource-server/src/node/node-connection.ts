import { Agent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as requestHttps } from 'node:https';
import { MAX_ANSWER_BYTES, type BrokerAnswer, type BrokerConnection } from '../broker-connection.ts';
import { BrokerFailure } from '../broker-failure.ts';

const AGENT_OPTIONS = {
  keepAlive: true,
  maxSockets: 128,
  maxFreeSockets: 32,
  scheduling: 'lifo',
} as const;

/**
 * Connections to the broker, kept open between requests. Plain `node:http`: with the built-in `fetch` a request
 * costs several times as much processor time.
 */
export function nodeConnection(): BrokerConnection {
  const plain = new Agent(AGENT_OPTIONS);
  const secure = new SecureAgent(AGENT_OPTIONS);

  return {
    ask({ url, method, headers, body, timeoutMs }) {
      return new Promise((resolve, reject) => {
        const isSecure = url.protocol === 'https:';
        const options = {
          method,
          agent: isSecure ? secure : plain,
          headers: body === '' ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
        };
        const take = (answer: IncomingMessage): void => {
          readAnswer(answer).then(resolve, fail).finally(stop);
        };
        const request = isSecure ? requestHttps(url, options, take) : requestHttp(url, options, take);
        const stop = (): void => clearTimeout(timer);
        const fail = (cause: Error): void => {
          stop();
          request.destroy();
          reject(cause instanceof BrokerFailure ? cause : unreachable(cause));
        };
        const timer = setTimeout(
          () => fail(new BrokerFailure(`the broker did not answer in ${timeoutMs} ms`, { isPassing: true })),
          timeoutMs,
        );
        request.on('error', fail);
        request.end(body);
      });
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function readAnswer(answer: IncomingMessage): Promise<BrokerAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    answer.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES) reject(new BrokerFailure('the answer of the broker is too large'));
      else chunks.push(chunk);
    });
    answer.on('end', () => {
      const { statusCode: status = 0, headers } = answer;
      const header = (name: string): string | null => {
        const value = headers[name];
        return typeof value === 'string' ? value : null;
      };
      resolve({ status, header, text: Buffer.concat(chunks).toString('utf8') });
    });
    answer.on('error', reject);
  });
}

function unreachable(cause: Error): BrokerFailure {
  return new BrokerFailure('the broker could not be reached', { isPassing: true, cause });
}
