import { spawn } from 'node:child_process';

/** Programs that open a URL, by platform. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Tries to show a page to the user; where there is no browser, nothing happens. */
export function openBrowser(url: string): void {
  const [program, ...flags] = OPENERS[process.platform] ?? [];
  if (program === undefined) return;
  const child = spawn(program, [...flags, url], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
