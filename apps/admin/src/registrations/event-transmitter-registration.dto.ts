import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { EventPollDto } from './event-poll.dto.ts';
import { JwkSetDto } from './jwk-set.dto.ts';
import { RegistrationDto } from './registration.dto.ts';

/** Somebody who sends events about devices and signs nobody in. */
export class EventTransmitterRegistrationDto extends RegistrationDto {
  @ApiProperty({ example: 'mdm' })
  @IsString()
  @MaxLength(64)
  readonly id: string;

  @ApiProperty({ example: 'https://mdm.example', description: 'compared code point for code point' })
  @IsString()
  @MaxLength(1024)
  readonly issuer: string;

  @ApiPropertyOptional({
    type: JwkSetDto,
    description: 'its keys; default: jwks_uri, or what its SSF metadata lead to',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => JwkSetDto)
  readonly jwks?: JwkSetDto;

  @ApiPropertyOptional({ example: 'https://mdm.example/jwks' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly jwks_uri?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'of events, besides RS256; default: the four of FAPI 2.0',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  readonly algorithms?: string[];

  @ApiPropertyOptional({ description: 'aud of its events; default: the issuer of the broker' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly audience?: string;

  @ApiPropertyOptional({
    description: 'SHA-256, hexadecimal, of the Authorization header that each push must bring',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly authorization_sha256?: string;

  @ApiPropertyOptional({ type: EventPollDto, description: 'its events are fetched; default: it pushes them' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EventPollDto)
  readonly poll?: EventPollDto;
}
