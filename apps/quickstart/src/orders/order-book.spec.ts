import { OrderBook } from './order-book.ts';

describe('OrderBook', () => {
  it('gives money back and remembers it', () => {
    const book = new OrderBook();
    book.refund('42', 100);
    book.refund('42', 50);
    expect(book.find('42')).toMatchObject({ refundedCents: 150, status: 'paid' });
  });

  it.each<{ name: string; play: (book: OrderBook) => unknown; expected: object }>([
    {
      name: 'closes an order that is refunded in full',
      play: (book) => book.refund('41', 18_900),
      expected: { order: expect.objectContaining({ status: 'refunded' }) },
    },
    {
      name: 'never gives back more than was paid',
      play: (book) => book.refund('41', 18_901),
      expected: { refused: 'not_possible' },
    },
    {
      name: 'does not know other orders',
      play: (book) => book.refund('1', 1),
      expected: { refused: 'unknown' },
    },
    {
      name: 'cancels an untouched order',
      play: (book) => book.cancel('43'),
      expected: { order: expect.objectContaining({ status: 'cancelled' }) },
    },
    {
      name: 'does not cancel one that was refunded in part',
      play: (book) => (book.refund('43', 1), book.cancel('43')),
      expected: { refused: 'not_possible' },
    },
    {
      name: 'does not refund a cancelled one',
      play: (book) => (book.cancel('43'), book.refund('43', 1)),
      expected: { refused: 'not_possible' },
    },
  ])('$name', ({ play, expected }) => {
    expect(play(new OrderBook())).toEqual(expected);
  });
});
