import 'reflect-metadata';
import { Controller, HttpCode, Post, Req, type ExecutionContext } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { describeAdapter } from '../../test/adapter.contract.ts';
import { captureRawBody } from '../fastify/capture-raw-body.ts';
import { serveResourceMetadata } from '../fastify/serve-resource-metadata.ts';
import { grantOf } from '../grant-of.ts';
import { OncekeyNestGuard } from './oncekey-nest-guard.ts';

let served = 0;

interface Told {
  readonly subject: string;
  readonly body: unknown;
}

@Controller()
class EchoController {
  @Post('orders')
  @HttpCode(200)
  orders(@Req() request: { body?: unknown }): Told {
    served++;
    return { subject: grantOf(request).subject, body: request.body ?? '' };
  }

  @Post('refunds')
  @HttpCode(200)
  refunds(@Req() request: { body?: unknown }): Told {
    return this.orders(request);
  }
}

describeAdapter('OncekeyNestGuard', {
  start: async (guard) => {
    served = 0;
    const module = await Test.createTestingModule({ controllers: [EchoController] }).compile();
    const adapter = new FastifyAdapter({ bodyLimit: 1000 });
    const app = module.createNestApplication<NestFastifyApplication>(adapter, {
      logger: false,
      bodyParser: false,
    });
    app.useGlobalGuards(
      new OncekeyNestGuard<ExecutionContext>(guard, {
        operationOf: (context) => (context.getHandler().name === 'refunds' ? 'orders.refund' : undefined),
      }),
    );
    const fastify = adapter.getInstance();
    serveResourceMetadata(fastify, guard);
    captureRawBody(fastify);
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
    await app.listen(0, '127.0.0.1');
    return {
      port: Number(new URL(await app.getUrl()).port),
      served: () => served,
      stop: () => app.close(),
    };
  },
});
