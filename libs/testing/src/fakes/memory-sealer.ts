import { randomUUID } from 'node:crypto';
import type { Sealer } from '#core';

/** A seal that is a list of what was sealed. */
export function memorySealer<Content>(sealed: Map<string, Content>, prefix: string): Sealer<Content> {
  return {
    seal: (content) => {
      const token = `${prefix}${randomUUID()}`;
      sealed.set(token, content);
      return token;
    },
    unseal: (token) => {
      const opened = sealed.get(token);
      return opened === undefined ? { refused: 'token.forged' } : { opened };
    },
  };
}
