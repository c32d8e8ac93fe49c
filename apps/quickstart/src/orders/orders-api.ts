import { grantOf, oncekeyFastify, type Guard } from '#resource-server';
import Fastify, { type FastifyInstance } from 'fastify';
import { TRANSACTION_HEADER } from './transaction-header.ts';
import { OrderBook, type OrderChange } from './order-book.ts';

const REFUND = {
  body: {
    type: 'object',
    required: ['cents'],
    additionalProperties: false,
    properties: { cents: { type: 'integer', minimum: 1, maximum: 1_000_000_000 } },
  },
} as const;

type Order = { Params: { id: string } };

/** The toy API: five operations on a book of orders, each request with a token of its own. */
export async function ordersApi(guard: Guard, book = new OrderBook()): Promise<FastifyInstance> {
  const api = Fastify({ logger: { level: 'warn' } });
  await api.register(oncekeyFastify, { guard });
  api.addHook('preHandler', async (request, reply) => {
    reply.header(TRANSACTION_HEADER, grantOf(request).transactionId);
  });

  api.get('/orders', () => book.all());
  api.get('/orders/export', (_request, reply) =>
    reply.type('text/csv').send(
      book
        .all()
        .map(({ id, item, totalCents }) => `${id},${item},${totalCents}\n`)
        .join(''),
    ),
  );
  api.get<Order>('/orders/:id', ({ params }, reply) => {
    const order = book.find(params.id);
    return order === null ? reply.code(404).send({ error: 'unknown order' }) : order;
  });
  api.post<Order & { Body: { cents: number } }>(
    '/orders/:id/refund',
    { schema: REFUND },
    ({ params, body }, reply) => {
      const { status, content } = answerOf(book.refund(params.id, body.cents));
      return reply.code(status).send(content);
    },
  );
  api.post<Order>('/orders/:id/cancel', ({ params }, reply) => {
    const { status, content } = answerOf(book.cancel(params.id));
    return reply.code(status).send(content);
  });
  return api;
}

function answerOf(change: OrderChange): { status: number; content: object } {
  if ('order' in change) return { status: 200, content: change.order };
  return change.refused === 'unknown'
    ? { status: 404, content: { error: 'unknown order' } }
    : { status: 409, content: { error: 'the order does not allow that any more' } };
}
