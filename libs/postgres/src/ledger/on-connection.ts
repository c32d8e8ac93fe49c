import type { Pool, PoolClient } from 'pg';

/**
 * Lends `work` a connection for at most `deadlineMs`, the wait for it included. A connection on which something went
 * wrong is closed, and the server rolls back what was open on it.
 *
 * Fails  Error when the time is over or nobody answers; what `work` throws
 */
export async function onConnection<Outcome>(
  pool: Pool,
  deadlineMs: number,
  work: (connection: PoolClient) => Promise<Outcome>,
): Promise<Outcome> {
  const loan = new Loan();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      loan.end(false);
      reject(new Error(`the database did not answer within ${deadlineMs} ms`));
    }, deadlineMs);
  });
  try {
    return await Promise.race([deadline, loan.use(pool, work)]);
  } finally {
    clearTimeout(timer);
  }
}

class Loan {
  private connection: PoolClient | null = null;
  private isOver = false;

  async use<Outcome>(pool: Pool, work: (connection: PoolClient) => Promise<Outcome>): Promise<Outcome> {
    this.connection = await pool.connect();
    if (this.isOver) this.connection.release();
    if (this.isOver) throw new Error('the connection came too late');
    this.connection.on('error', ignore);
    let isGood = false;
    try {
      const outcome = await work(this.connection);
      isGood = true;
      return outcome;
    } finally {
      this.end(isGood);
    }
  }

  end(isGood: boolean): void {
    if (this.isOver) return;
    this.isOver = true;
    if (isGood) this.connection?.off('error', ignore);
    this.connection?.release(!isGood);
  }
}

/** A connection that breaks fails the statement that is sent on it next; unheard it would end the process. */
function ignore(): void {}
