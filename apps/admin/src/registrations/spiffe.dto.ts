import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { JwkSetDto } from './jwk-set.dto.ts';

/** Which SPIFFE IDs are the client, and whose keys say so. */
export class SpiffeDto {
  @ApiProperty({
    example: 'spiffe://prod.example/ns/payments/sa/refunder',
    description: 'exact; /* at its end stands for one segment or more',
  })
  @IsString()
  @MaxLength(1024)
  readonly spiffe_id: string;

  @ApiPropertyOptional({ description: "URL of the trust domain's bundle; this or `bundle`" })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly spiffe_bundle_endpoint?: string;

  @ApiPropertyOptional({ type: JwkSetDto, description: 'keys of the bundle with use jwt-svid' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => JwkSetDto)
  readonly bundle?: JwkSetDto;
}
