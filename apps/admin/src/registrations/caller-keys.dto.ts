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
import { SelfSignedTlsClientAuthDto, TlsClientAuthDto } from './certificates.dto.ts';
import { FederationDto } from './federation.dto.ts';
import { JwkSetDto } from './jwk-set.dto.ts';
import { QuotaDto } from './quota.dto.ts';
import { RegistrationDto } from './registration.dto.ts';
import { SpiffeDto } from './spiffe.dto.ts';

/** What clients and resource servers have in common: how they authenticate, and how much they may ask. */
export class CallerKeysDto extends RegistrationDto {
  @ApiProperty({ maxLength: 128 })
  @IsString()
  @MaxLength(128)
  readonly client_id: string;

  @ApiPropertyOptional({
    type: JwkSetDto,
    description: 'required where there is no other way to authenticate',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => JwkSetDto)
  readonly jwks?: JwkSetDto;

  @ApiPropertyOptional({ type: TlsClientAuthDto, description: 'in place of `jwks` (RFC 8705)' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TlsClientAuthDto)
  readonly tls_client_auth?: TlsClientAuthDto;

  @ApiPropertyOptional({ type: SelfSignedTlsClientAuthDto, description: 'in place of `jwks` (RFC 8705)' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SelfSignedTlsClientAuthDto)
  readonly self_signed_tls_client_auth?: SelfSignedTlsClientAuthDto;

  @ApiPropertyOptional({ type: FederationDto, description: 'in place of `jwks`' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => FederationDto)
  readonly federation?: FederationDto;

  @ApiPropertyOptional({ type: SpiffeDto, description: 'in place of `jwks`' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SpiffeDto)
  readonly spiffe?: SpiffeDto;

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

  @ApiPropertyOptional({ type: QuotaDto, description: 'default: as the broker is configured' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QuotaDto)
  readonly quota?: QuotaDto;
}
