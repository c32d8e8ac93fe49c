import { ADMIN_PREFIX } from '#core';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DEVICE_KIND } from './device-kind.ts';
import { DeviceDto } from './device.dto.ts';
import {
  DescribeCreate,
  DescribeDelete,
  DescribeList,
  DescribeRead,
  DescribeReplace,
} from './describe-registrations.ts';
import { Change, Creation, type ChangeCall, type CreateCall } from './registration-call.ts';
import { Registrations } from './registrations.ts';

const DESCRIBED = {
  path: DEVICE_KIND.path,
  one: 'device',
  filters: DEVICE_KIND.filters,
  dto: DeviceDto,
  example: {
    id: 'adas-laptop',
    owner: { issuer: 'https://login.example', subject: 'ada' },
    keys: ['NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
    platform: 'macos',
  },
};

@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/devices`)
export class DevicesController {
  constructor(@Inject(Registrations) private readonly registrations: Registrations) {}

  @Get()
  @DescribeList(DESCRIBED)
  list(@Res() reply: FastifyReply): Promise<void> {
    return this.registrations.list(DEVICE_KIND, reply);
  }

  @Post()
  @DescribeCreate(DESCRIBED)
  create(@Creation() call: CreateCall, @Body() body: DeviceDto, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.create(DEVICE_KIND, { ...call, reply }, body);
  }

  @Get(':id')
  @DescribeRead(DESCRIBED)
  read(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.read(DEVICE_KIND, id, reply);
  }

  @Put(':id')
  @DescribeReplace(DESCRIBED)
  replace(@Change() call: ChangeCall, @Body() body: DeviceDto, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.replace(DEVICE_KIND, { ...call, reply }, body);
  }

  @Delete(':id')
  @DescribeDelete(DESCRIBED)
  remove(@Change() call: ChangeCall, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.remove(DEVICE_KIND, { ...call, reply });
  }
}
