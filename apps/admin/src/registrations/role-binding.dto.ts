import { ROLES, type Role } from '#core';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { RegistrationDto } from './registration.dto.ts';

/** A role for a subject of an issuer, or for a group. */
export class RoleBindingDto extends RegistrationDto {
  @ApiProperty({ example: 'ada-publishes' })
  @IsString()
  @MaxLength(64)
  readonly id: string;

  @ApiProperty({ enum: ROLES, example: 'publisher' })
  @IsIn(ROLES)
  readonly role: Role;

  @ApiPropertyOptional({ example: 'https://login.example' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly issuer?: string;

  @ApiPropertyOptional({ example: 'ada' })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly subject?: string;

  @ApiPropertyOptional({ description: 'instead of issuer and subject: a group as policies see it' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  readonly group?: string;
}
