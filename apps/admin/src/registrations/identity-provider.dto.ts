import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { EventTransmitterDto } from './event-transmitter.dto.ts';
import { RegistrationDto } from './registration.dto.ts';

/** An identity provider, as in registrations. */
export class IdentityProviderDto extends RegistrationDto {
  @ApiProperty({ example: 'corp' })
  @IsString()
  @MaxLength(64)
  readonly id: string;

  @ApiProperty({ example: 'https://login.example', description: 'compared code point for code point' })
  @IsString()
  @MaxLength(1024)
  readonly issuer: string;

  @ApiPropertyOptional({ type: [String], description: 'of ID tokens; default: the four of FAPI 2.0' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  readonly algorithms?: string[];

  @ApiPropertyOptional({ minimum: 1, maximum: 86_400, default: 3600 })
  @IsOptional()
  @IsInt()
  readonly max_age_seconds?: number;

  @ApiPropertyOptional({ example: 'groups' })
  @IsOptional()
  @IsString()
  readonly groups_claim?: string;

  @ApiPropertyOptional({ example: 'corp:' })
  @IsOptional()
  @IsString()
  readonly groups_prefix?: string;

  @ApiPropertyOptional({
    type: EventTransmitterDto,
    description: 'it may send security events, and revoke what its users have',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EventTransmitterDto)
  readonly events?: EventTransmitterDto;
}
