import 'reflect-metadata';
import { Controller, Post, type ExecutionContext } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiOperation, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { captureRawBody } from '../fastify/capture-raw-body.ts';
import { createTestBroker } from '../testing/create-test-broker.ts';
import { OncekeyNestGuard } from './oncekey-nest-guard.ts';
import { Operation } from './operation.ts';

@Controller('orders')
class OrdersController {
  @Post('refund')
  @Operation('orders.refund')
  @ApiOperation({ summary: 'Pays back' })
  refund(): string {
    return 'paid back';
  }

  @Post('any')
  any(): string {
    return 'done';
  }
}

describe('@Operation', () => {
  const broker = createTestBroker();
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const module = await Test.createTestingModule({ controllers: [OrdersController] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    app.useGlobalGuards(new OncekeyNestGuard<ExecutionContext>(broker.guard));
    captureRawBody(app.getHttpAdapter().getInstance());
    await app.init();
  });
  afterAll(() => app.close());

  it('is the operationId of the OpenAPI document, beside what else is said', () => {
    const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(paths['/orders/refund']?.post).toMatchObject({
      operationId: 'orders.refund',
      summary: 'Pays back',
    });
  });

  it.each([
    { url: '/orders/refund', operation: 'orders.read', status: 403 },
    { url: '/orders/refund', operation: 'orders.refund', status: 201 },
    { url: '/orders/any', operation: 'orders.read', status: 201 },
  ])('has the guard answer $status at $url to a token for $operation', async ({ url, operation, status }) => {
    const headers = broker.credentialsFor({ method: 'POST', url, operation });
    expect((await app.inject({ method: 'POST', url, headers })).statusCode).toBe(status);
  });

  it('is for methods', () => {
    expect(() => Operation('orders.refund')({}, 'x', { value: 5 })).toThrow(TypeError);
  });
});
