import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { JwkSetDto } from './jwk-set.dto.ts';

/** Whose tokens say who the client is, and what they have to say. */
export class FederationDto {
  @ApiProperty({ example: 'https://token.actions.githubusercontent.com', description: 'exactly as in `iss`' })
  @IsString()
  @MaxLength(1024)
  readonly issuer: string;

  @ApiPropertyOptional({ description: 'the sole `aud`; default: the issuer identifier of the broker' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly audience?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    description: 'claims, or JSON pointers to members of claims, with the exact values that they may have',
    example: { repository_id: '1296269', ref: 'refs/heads/main' },
  })
  @IsObject()
  readonly claims: Record<string, unknown>;

  @ApiPropertyOptional({ type: JwkSetDto, description: 'for an issuer that cannot be reached' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => JwkSetDto)
  readonly jwks?: JwkSetDto;
}
