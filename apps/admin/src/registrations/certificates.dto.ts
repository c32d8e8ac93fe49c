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
import { JwkSetDto } from './jwk-set.dto.ts';

/** A certificate of a registered authority; exactly one of the names. */
export class TlsClientAuthDto {
  @ApiPropertyOptional({ description: 'RFC 4514, as it is compared', example: 'CN=batch,O=Acme' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly subject_dn?: string;

  @ApiPropertyOptional({ example: 'batch.acme.example' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly san_dns?: string;

  @ApiPropertyOptional({ example: 'spiffe://acme.example/batch' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly san_uri?: string;

  @ApiPropertyOptional({ example: '192.0.2.7' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly san_ip?: string;

  @ApiPropertyOptional({ example: 'batch@acme.example' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly san_email?: string;

  @ApiProperty({ type: [String], description: 'PEM; who may issue its certificates' })
  @IsArray()
  @ArrayMaxSize(8)
  @IsString({ each: true })
  @MaxLength(16_384, { each: true })
  readonly certificate_authorities: string[];

  @ApiPropertyOptional({
    type: [String],
    description: 'x5t#S256 of certificates that are no longer believed',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(256)
  @IsString({ each: true })
  readonly revoked_certificates?: string[];
}

/** Certificates that are registered themselves. */
export class SelfSignedTlsClientAuthDto {
  @ApiPropertyOptional({ type: JwkSetDto, description: 'keys with x5c; this or the thumbprints' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => JwkSetDto)
  readonly jwks?: JwkSetDto;

  @ApiPropertyOptional({ type: [String], description: 'x5t#S256: SHA-256 of the certificate in base64url' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(256)
  @IsString({ each: true })
  readonly certificate_thumbprints?: string[];
}
