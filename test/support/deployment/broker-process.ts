import { setTimeout as sleep } from 'node:timers/promises';
import { NodeProcess } from './node-process.ts';

/** A broker in a process of its own, on a port of 127.0.0.1. */
export class BrokerProcess {
  private lastAnswer = 'it was never asked';

  private constructor(
    readonly node: NodeProcess,
    readonly url: string,
  ) {}

  /** Resolves when the process runs; `ready` waits until it serves. */
  static start(port: number, env: Record<string, string>, nodeFlags: readonly string[] = []): BrokerProcess {
    const address = { ONCEKEY_HOST: '127.0.0.1', ONCEKEY_PORT: String(port) };
    const node = NodeProcess.start(['apps/broker/src/main.js'], { ...address, ...env }, nodeFlags);
    return new BrokerProcess(node, `http://127.0.0.1:${port}`);
  }

  /** Fails  Error with the broker's output when it is not ready in time, or has ended */
  async ready(withinMs = 45_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline && this.node.isRunning) {
      if ((await this.readiness()) === 200) return;
      await sleep(25);
    }
    const last = this.node.isRunning ? this.lastAnswer : 'it has ended';
    throw new Error(`the broker did not become ready: ${last}\n${this.node.output}`);
  }

  /** Status of `/readyz`; null when nobody answers. */
  async readiness(): Promise<number | null> {
    try {
      const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2000) });
      this.lastAnswer = await response.text();
      return response.status;
    } catch (error) {
      this.lastAnswer = String(error);
      return null;
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    return this.node.stop(signal);
  }
}
