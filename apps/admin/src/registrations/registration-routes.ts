import { bodyValidation } from '#http';
import { Body, Delete, Get, Param, Post, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  DescribeCreate,
  DescribeDelete,
  DescribeList,
  DescribeRead,
  DescribeReplace,
  type DescribedRegistration,
} from './describe-registrations.ts';
import { Change, Creation, type ChangeCall, type CreateCall } from './registration-call.ts';
import type { RegistrationKind } from './registration-kind.ts';
import type { Registrations } from './registrations.ts';

/** What a controller of one kind of registration extends: the routes that all kinds have. */
export function registrationRoutes(described: DescribedRegistration) {
  abstract class RegistrationRoutes {
    protected abstract readonly registrations: Registrations;
    protected abstract readonly kind: RegistrationKind;

    @Get()
    @DescribeList(described)
    list(@Res() reply: FastifyReply): Promise<void> {
      return this.registrations.list(this.kind, reply);
    }

    @Post()
    @DescribeCreate(described)
    create(
      @Creation() call: CreateCall,
      @Body(bodyValidation(described.dto)) body: object,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      return this.registrations.create(this.kind, { ...call, reply }, body);
    }

    @Get(':id')
    @DescribeRead(described)
    read(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
      return this.registrations.read(this.kind, id, reply);
    }

    @Put(':id')
    @DescribeReplace(described)
    replace(
      @Change() call: ChangeCall,
      @Body(bodyValidation(described.dto)) body: object,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      return this.registrations.replace(this.kind, { ...call, reply }, body);
    }

    @Delete(':id')
    @DescribeDelete(described)
    remove(@Change() call: ChangeCall, @Res() reply: FastifyReply): Promise<void> {
      return this.registrations.remove(this.kind, { ...call, reply });
    }
  }
  return RegistrationRoutes;
}
