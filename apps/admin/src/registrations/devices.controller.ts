import { ADMIN_PREFIX, readDevice } from '#core';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DeviceDto } from './device.dto.ts';
import {
  DescribeCreate,
  DescribeDelete,
  DescribeList,
  DescribeRead,
  DescribeReplace,
} from './describe-registrations.ts';
import type { RegistrationKind } from './registration-kind.ts';
import { problemsIn } from './problems-in.ts';
import { Change, Creation, type ChangeCall, type CreateCall } from './registration-call.ts';
import { Registrations } from './registrations.ts';

const FILTERS = ['issuer', 'subject'];

const DESCRIBED = {
  path: 'devices',
  one: 'device',
  filters: FILTERS,
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
  private readonly kind: RegistrationKind = {
    kind: 'device',
    path: DESCRIBED.path,
    idMember: 'id',
    filters: FILTERS,
    problemsOf: (document) => problemsIn(readDevice(document)),
  };

  constructor(@Inject(Registrations) private readonly registrations: Registrations) {}

  @Get()
  @DescribeList(DESCRIBED)
  list(@Res() reply: FastifyReply): Promise<void> {
    return this.registrations.list(this.kind, reply);
  }

  @Post()
  @DescribeCreate(DESCRIBED)
  create(@Creation() call: CreateCall, @Body() body: DeviceDto, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.create(this.kind, { ...call, reply }, body);
  }

  @Get(':id')
  @DescribeRead(DESCRIBED)
  read(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.read(this.kind, id, reply);
  }

  @Put(':id')
  @DescribeReplace(DESCRIBED)
  replace(@Change() call: ChangeCall, @Body() body: DeviceDto, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.replace(this.kind, { ...call, reply }, body);
  }

  @Delete(':id')
  @DescribeDelete(DESCRIBED)
  remove(@Change() call: ChangeCall, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.remove(this.kind, { ...call, reply });
  }
}
