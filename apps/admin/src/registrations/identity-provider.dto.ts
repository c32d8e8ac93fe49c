import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { RegistrationDto } from './registration.dto.ts';

/** How it may tell of its users and of devices. */
export class EventTransmitterDto {
  @ApiPropertyOptional({ description: 'aud of its events; default: the issuer of the broker' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly audience?: string;

  @ApiPropertyOptional({
    description: 'SHA-256, hexadecimal, of the Authorization header that each push must bring',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly authorization_sha256?: string;

  @ApiPropertyOptional({ default: false, description: 'it may speak of devices' })
  @IsOptional()
  @IsBoolean()
  readonly devices?: boolean;
}

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
