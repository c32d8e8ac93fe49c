import { freePort } from './deployment/free-port.ts';
import { eventually } from './eventually.ts';
import { RedisServer } from './redis-server.ts';

const MASTERS = 3;
const SLOTS = 16_384;

/** A master is given up by the others after this time without an answer. */
const NODE_TIMEOUT_MS = 1_000;

/** Nodes find each other when the machine lets them. */
const MEETING_MS = 60_000;

/** Three masters with a replica each. */
export class RedisCluster {
  private constructor(private readonly nodes: readonly RedisServer[]) {}

  static async start(): Promise<RedisCluster> {
    const nodes: RedisServer[] = [];
    try {
      for (let at = 0; at < 2 * MASTERS; at++) nodes.push(await startNode());
      const cluster = new RedisCluster(nodes);
      await cluster.meet();
      return cluster;
    } catch (error) {
      await Promise.all(nodes.map((node) => node.stop()));
      throw error;
    }
  }

  get url(): string {
    return `redis+cluster://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  }

  /** Any of the nodes that serve slots. */
  async aMaster(): Promise<RedisServer> {
    const masters: RedisServer[] = [];
    for (const node of this.nodes) {
      const about = String(await node.command('CLUSTER', 'NODES'));
      if (/myself,master - .* connected \d/.test(about)) masters.push(node);
    }
    const chosen = masters[Math.floor(Math.random() * masters.length)];
    if (chosen === undefined) throw new Error('no node of the cluster is a master');
    return chosen;
  }

  /** Resolves when every slot is served and every replica follows its master. */
  async whole(): Promise<void> {
    await eventually(async () => (await Promise.all(this.nodes.map(isWell))).every(Boolean), MEETING_MS);
  }

  async slotOf(key: string): Promise<number> {
    return Number(await this.nodes[0]?.command('CLUSTER', 'KEYSLOT', key));
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  private async meet(): Promise<void> {
    const [first] = this.nodes;
    for (const [at, node] of this.nodes.entries()) {
      await node.command('CLUSTER', 'SET-CONFIG-EPOCH', at + 1);
      if (at < MASTERS) {
        const [from, to] = [at, at + 1].map((part) => Math.floor((part * SLOTS) / MASTERS));
        await node.command('CLUSTER', 'ADDSLOTSRANGE', from ?? 0, (to ?? SLOTS) - 1);
      }
      const setting = await node.command('CONFIG', 'GET', 'cluster-port');
      const busPort = Array.isArray(setting) ? Number(setting[1]) : 0;
      if (node !== first) await first?.command('CLUSTER', 'MEET', '127.0.0.1', node.port, busPort);
    }
    const knowsAll = async (node: RedisServer): Promise<boolean> =>
      String(await node.command('CLUSTER', 'INFO')).includes(`cluster_known_nodes:${this.nodes.length}`);
    await eventually(async () => (await Promise.all(this.nodes.map(knowsAll))).every(Boolean), MEETING_MS);
    for (const [at, node] of this.nodes.entries()) {
      if (at < MASTERS) continue;
      const master = String(await this.nodes[at - MASTERS]?.command('CLUSTER', 'MYID'));
      await node.command('CLUSTER', 'REPLICATE', master);
    }
    await this.whole();
  }
}

async function startNode(): Promise<RedisServer> {
  return RedisServer.start({
    'cluster-enabled': 'yes',
    'cluster-node-timeout': String(NODE_TIMEOUT_MS),
    'cluster-port': String(await freePort()),
    'repl-diskless-sync-delay': '0',
  });
}

async function isWell(node: RedisServer): Promise<boolean> {
  const cluster = String(await node.command('CLUSTER', 'INFO'));
  const replication = String(await node.command('INFO', 'replication'));
  const hasCompany = /connected_slaves:[1-9]|master_link_status:up/.test(replication);
  return cluster.includes('cluster_state:ok') && hasCompany;
}
