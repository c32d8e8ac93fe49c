import type { HeardBytes } from './send-bytes.ts';

export const isGranted = ({ status, text }: HeardBytes): boolean =>
  status === 200 && (text.includes('"access_token"') || text.includes('"active":true'));

/** No input is a fault of ours, and no fault tells anything. */
export function expectNoFault({ status, text }: HeardBytes): void {
  if (status !== null && status >= 500) throw new Error(`answered ${status}: ${text.slice(-300)}`);
  expect(text).not.toMatch(/\bat [\w.<>]+ \(|SELECT |node_modules/);
}

export function expectRefused(heard: HeardBytes): void {
  expectNoFault(heard);
  if (isGranted(heard)) throw new Error(`granted: ${heard.text.slice(-300)}`);
}
