import { ADMIN_PREFIX, AdminProblem } from '#core';
import { Body, Controller, Inject, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DescribeCall } from '../openapi/describe-call.ts';
import { DeviceEnrolmentDto } from './device-enrolment.dto.ts';
import { DEVICE_KIND } from './device-kind.ts';
import { Creation, type CreateCall } from './registration-call.ts';
import { Registrations } from './registrations.ts';

/**
 * Somebody registers the device in their hands: the key is the one that the call's token is bound to, the owner its
 * subject. An operation of its own, which no shipped policy permits: who may do so is for a policy to say.
 */
@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/device-enrolments`)
export class DeviceEnrolmentsController {
  constructor(@Inject(Registrations) private readonly registrations: Registrations) {}

  @Post()
  @DescribeCall({
    id: 'devices.enroll',
    summary: 'Registers the device whose key made the call, as its caller’s own',
    body: { id: 'adas-laptop', platform: 'macos' },
    isIdempotent: true,
    status: 201,
    answer: {
      id: 'adas-laptop',
      owner: { issuer: 'https://login.example', subject: 'ada' },
      keys: ['NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
      platform: 'macos',
    },
  })
  async enroll(
    @Creation() call: CreateCall,
    @Body() { id, platform }: DeviceEnrolmentDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { issuer, subject, question } = call.caller;
    const { keyThumbprint } = question.context.device;
    if (keyThumbprint === null) throw new AdminProblem('admin.unauthorized');
    const document = { id, owner: { issuer, subject }, keys: [keyThumbprint], platform };
    await this.registrations.create(DEVICE_KIND, { ...call, reply }, document);
  }
}
