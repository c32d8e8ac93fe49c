/** An order of the toy shop. Amounts in cents. */
export interface Order {
  readonly id: string;
  readonly item: string;
  readonly totalCents: number;
  readonly refundedCents: number;
  readonly status: 'paid' | 'refunded' | 'cancelled';
}

/** What came of an attempt to change an order. */
export type OrderChange = { readonly order: Order } | { readonly refused: 'unknown' | 'not_possible' };

/** The shop's orders, in memory: made anew at each start. */
export class OrderBook {
  private readonly orders = new Map<string, Order>(
    [
      { id: '41', item: 'astrolabe', totalCents: 18_900 },
      { id: '42', item: 'difference engine', totalCents: 4_200_000 },
      { id: '43', item: 'orrery', totalCents: 99_900 },
    ].map((order) => [order.id, { ...order, refundedCents: 0, status: 'paid' }]),
  );

  all(): readonly Order[] {
    return [...this.orders.values()];
  }

  find(id: string): Order | null {
    return this.orders.get(id) ?? null;
  }

  /** Gives money back, never more than was paid. */
  refund(id: string, cents: number): OrderChange {
    const order = this.orders.get(id);
    if (order === undefined) return { refused: 'unknown' };
    const refundedCents = order.refundedCents + cents;
    if (order.status === 'cancelled' || refundedCents > order.totalCents) return { refused: 'not_possible' };
    return this.keep({
      ...order,
      refundedCents,
      status: refundedCents === order.totalCents ? 'refunded' : 'paid',
    });
  }

  cancel(id: string): OrderChange {
    const order = this.orders.get(id);
    if (order === undefined) return { refused: 'unknown' };
    if (order.status !== 'paid' || order.refundedCents > 0) return { refused: 'not_possible' };
    return this.keep({ ...order, status: 'cancelled' });
  }

  private keep(order: Order): OrderChange {
    this.orders.set(order.id, order);
    return { order };
  }
}
