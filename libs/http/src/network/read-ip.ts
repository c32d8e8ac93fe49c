import { isIP } from 'node:net';

/** An address in the one spelling that is recorded: IPv4 is never dressed as IPv6, and no zone is named. */
export function readIp(text: string): string | null {
  const plain = text.replace(/^::ffff:(?=[0-9.]+$)/i, '').replace(/%.*$/, '');
  return isIP(plain) === 0 ? null : plain.toLowerCase();
}
