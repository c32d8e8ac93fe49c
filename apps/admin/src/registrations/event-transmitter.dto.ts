import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { EventPollDto } from './event-poll.dto.ts';

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

  @ApiPropertyOptional({ type: EventPollDto, description: 'its events are fetched; default: it pushes them' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EventPollDto)
  readonly poll?: EventPollDto;
}
