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

const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};

export class JwkSetDto {
  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description: 'public keys (RFC 7517)',
    example: [KEY],
  })
  @IsArray()
  @ArrayMaxSize(16)
  @IsObject({ each: true })
  readonly keys: object[];
}

/** What clients and resource servers have in common: the keys that they authenticate with. */
export class CallerKeysDto extends RegistrationDto {
  @ApiProperty({ maxLength: 128 })
  @IsString()
  @MaxLength(128)
  readonly client_id: string;

  @ApiProperty({ type: JwkSetDto })
  @IsObject()
  @ValidateNested()
  @Type(() => JwkSetDto)
  readonly jwks: JwkSetDto;

  @ApiPropertyOptional({ type: [String], description: 'of assertions; default: the four of FAPI 2.0' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  readonly algorithms?: string[];

  @ApiPropertyOptional({ description: 'assertions may be addressed to the endpoint; default false' })
  @IsOptional()
  @IsBoolean()
  readonly legacy_audience?: boolean;

  @ApiPropertyOptional({ minimum: 60, maximum: 3600, default: 600 })
  @IsOptional()
  @IsInt()
  readonly max_assertion_seconds?: number;
}
