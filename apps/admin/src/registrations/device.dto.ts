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
import { RegistrationDto } from './registration.dto.ts';

export class DeviceOwnerDto {
  @ApiProperty({ example: 'https://login.example' })
  @IsString()
  @MaxLength(1024)
  readonly issuer: string;

  @ApiProperty({ example: 'ada' })
  @IsString()
  @MaxLength(255)
  readonly subject: string;
}

/** A device: whose it is, and the keys that it proves itself with. */
export class DeviceDto extends RegistrationDto {
  @ApiProperty({ example: 'adas-laptop' })
  @IsString()
  @MaxLength(64)
  readonly id: string;

  @ApiProperty({ type: DeviceOwnerDto })
  @IsObject()
  @ValidateNested()
  @Type(() => DeviceOwnerDto)
  readonly owner: DeviceOwnerDto;

  @ApiProperty({
    type: [String],
    description: 'thumbprints (RFC 7638)',
    example: ['NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
  })
  @IsArray()
  @ArrayMaxSize(8)
  @IsString({ each: true })
  readonly keys: string[];

  @ApiProperty({ example: 'macos' })
  @IsString()
  @MaxLength(64)
  readonly platform: string;

  @ApiPropertyOptional({ format: 'date-time', example: '2026-01-05T09:00:00Z' })
  @IsOptional()
  @IsString()
  readonly attested_at?: string;
}
