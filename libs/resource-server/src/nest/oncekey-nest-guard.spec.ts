import 'reflect-metadata';
import { Controller, Get, HttpException, Post, Req, UseGuards, type ExecutionContext } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { standInGuard } from '../../test/stand-in-guard.ts';
import { captureRawBody } from '../fastify/capture-raw-body.ts';
import { grantOf } from '../grant-of.ts';
import { OncekeyNestGuard, type OncekeyNestGuardOptions } from './oncekey-nest-guard.ts';

const AUTHORIZED = { authorization: 'DPoP once_x' };

@Controller()
class OrdersController {
  @Post('orders')
  refund(@Req() request: object): string {
    return grantOf(request).subject;
  }

  @Get('health')
  health(): string {
    return 'ok';
  }
}

let app: NestFastifyApplication;
const guard = standInGuard();

async function start(
  options: OncekeyNestGuardOptions<ExecutionContext> = {},
  captures = true,
): Promise<void> {
  const module = await Test.createTestingModule({ controllers: [OrdersController] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalGuards(new OncekeyNestGuard(guard, options));
  if (captures) captureRawBody(app.getHttpAdapter().getInstance());
  await app.init();
}

afterEach(() => app.close());

const post = (headers: Record<string, string>) =>
  app.inject({
    method: 'POST',
    url: '/orders',
    payload: '{ "a":1}',
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('OncekeyNestGuard', () => {
  it('shows the guard the bytes that came, and lets the request through', async () => {
    await start();
    const answer = await post(AUTHORIZED);
    expect([answer.statusCode, answer.body]).toEqual([201, 'ada']);
    expect(guard.shown.at(-1)).toMatchObject({
      method: 'POST',
      rawUrl: '/orders',
      rawBody: Buffer.from('{ "a":1}'),
    });
  });

  it('refuses with the challenge in the header', async () => {
    await start();
    const answer = await post({});
    expect(answer.statusCode).toBe(401);
    expect(answer.headers).toMatchObject({
      'www-authenticate': expect.stringContaining('error="invalid_token"'),
      'oncekey-reason-id': 'r-1',
    });
  });

  it('throws what the application wants to be thrown', async () => {
    await start({ toException: ({ body, status }) => new HttpException(body, status) });
    expect((await post({})).json()).toEqual({
      error: 'invalid_token',
      error_description: expect.any(String),
    });
  });

  it('leaves a route open that the application says is', async () => {
    await start({ isOpen: (context) => context.getHandler().name === 'health' });
    expect([(await app.inject('/health')).statusCode, (await post({})).statusCode]).toEqual([200, 401]);
  });

  it('lets nobody through when the bytes were not captured', async () => {
    await start({}, false);
    expect((await post(AUTHORIZED)).statusCode).toBe(500);
  });

  it('fits @UseGuards', () => {
    expect(() => UseGuards(new OncekeyNestGuard(guard))).not.toThrow();
  });
});
