import { createServer } from 'node:http';
import { describeAdapter } from '../../test/adapter.contract.ts';
import { listen } from '../../test/listen.ts';
import { oncekeyHttp } from './oncekey-http.ts';

describeAdapter('oncekeyHttp', {
  start: async (guard) => {
    let served = 0;
    const on = (operation?: string) =>
      oncekeyHttp(
        { guard, maxBodyBytes: 1000, ...(operation === undefined ? {} : { operation }) },
        (_, response, { grant, body }) => {
          served++;
          response.end(JSON.stringify({ subject: grant.subject, body: body.toString() }));
        },
      );
    const refunds = on('orders.refund');
    const orders = on();
    const server = createServer((request, response) => {
      void (request.url === '/refunds' ? refunds : orders)(request, response);
    });
    return { ...(await listen(server)), served: () => served };
  },
});
