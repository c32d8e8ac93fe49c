import { setTimeout as sleep } from 'node:timers/promises';
import { isPolled, pollStream, Unavailable, type PollStreamPorts } from '#core';

/** How often the registrations are looked at. */
const LOOK_MS = 1_000;

/** One stream of polls for each transmitter that is registered to be polled, from its registration to its end. */
export class EventPolls {
  private readonly streams = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly ports: Omit<PollStreamPorts, 'elapsedMs' | 'pause' | 'random'>) {
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
    this.look();
  }

  /** What is on its way is finished or given up, and others may poll. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.ending.abort();
    await Promise.all(this.streams.values());
  }

  private look(): void {
    for (const issuer of this.issuers()) {
      if (this.streams.has(issuer)) continue;
      const stream = pollStream(
        { ...this.ports, elapsedMs: () => performance.now(), pause, random: Math.random },
        issuer,
        this.ending.signal,
      );
      this.streams.set(
        issuer,
        stream.finally(() => this.streams.delete(issuer)),
      );
    }
  }

  /** Nobody starts to poll on trust that could not be confirmed; it says so itself. */
  private issuers(): readonly string[] {
    try {
      return this.ports.trust
        .current()
        .eventSources()
        .filter(isPolled)
        .map(({ issuer }) => issuer);
    } catch (thrown) {
      if (thrown instanceof Unavailable) return [];
      throw thrown;
    }
  }
}

/** Cut short when everything stops. Does not keep the process alive. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch((failed: unknown) => {
    if (!signal.aborted) throw failed;
  });
}
