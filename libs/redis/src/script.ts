import { createHash } from 'node:crypto';
import type { RedisClient } from './connect.ts';

/** A Lua script, which a server carries out as one atomic act. All of its keys have to lie in one slot. */
export class Script {
  private readonly sha: string;

  constructor(private readonly lua: string) {
    this.sha = createHash('sha1').update(lua).digest('hex');
  }

  /** Fails  Error of the driver: whether it was carried out is unknown */
  async run(
    client: RedisClient,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown> {
    const numbered = [keys.length, ...keys, ...values] as const;
    try {
      return await client.evalsha(this.sha, ...numbered);
    } catch (error) {
      // A server that does not know it yet has not carried it out.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.eval(this.lua, ...numbered);
    }
  }
}
