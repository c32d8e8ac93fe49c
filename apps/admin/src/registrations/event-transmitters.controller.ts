import { ADMIN_PREFIX, readEventSource } from '#core';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { URI_RULES, type UriRules } from '../ports.ts';

import { EventTransmitterRegistrationDto } from './event-transmitter-registration.dto.ts';
import {
  DescribeCreate,
  DescribeDelete,
  DescribeList,
  DescribeRead,
  DescribeReplace,
} from './describe-registrations.ts';
import { problemsIn } from './problems-in.ts';
import type { RegistrationKind } from './registration-kind.ts';
import { Change, Creation, type ChangeCall, type CreateCall } from './registration-call.ts';
import { Registrations } from './registrations.ts';

const FILTERS = ['issuer'];

const DESCRIBED = {
  path: 'event-transmitters',
  one: 'event transmitter',
  filters: FILTERS,
  dto: EventTransmitterRegistrationDto,
  example: { id: 'mdm', issuer: 'https://mdm.example' },
};

@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/event-transmitters`)
export class EventTransmittersController {
  private readonly kind: RegistrationKind;

  constructor(
    @Inject(Registrations) private readonly registrations: Registrations,
    @Inject(URI_RULES) rules: UriRules,
  ) {
    this.kind = {
      kind: 'event_transmitter',
      path: DESCRIBED.path,
      idMember: 'id',
      filters: FILTERS,
      problemsOf: (document) => problemsIn(readEventSource(document, rules)),
    };
  }

  @Get()
  @DescribeList(DESCRIBED)
  list(@Res() reply: FastifyReply): Promise<void> {
    return this.registrations.list(this.kind, reply);
  }

  @Post()
  @DescribeCreate(DESCRIBED)
  create(
    @Creation() call: CreateCall,
    @Body() body: EventTransmitterRegistrationDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.registrations.create(this.kind, { ...call, reply }, body);
  }

  @Get(':id')
  @DescribeRead(DESCRIBED)
  read(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.read(this.kind, id, reply);
  }

  @Put(':id')
  @DescribeReplace(DESCRIBED)
  replace(
    @Change() call: ChangeCall,
    @Body() body: EventTransmitterRegistrationDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.registrations.replace(this.kind, { ...call, reply }, body);
  }

  @Delete(':id')
  @DescribeDelete(DESCRIBED)
  remove(@Change() call: ChangeCall, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.remove(this.kind, { ...call, reply });
  }
}
