import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { JwkSetDto } from './jwk-set.dto.ts';

/** Who attests the instances of the client. */
export class AttestationDto {
  @ApiPropertyOptional({
    example: 'https://mdm.example',
    description: 'exactly as in `iss`; this, `jwks` or both',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly issuer?: string;

  @ApiPropertyOptional({
    type: JwkSetDto,
    description: 'of the attester; default: what the issuer publishes',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => JwkSetDto)
  readonly jwks?: JwkSetDto;
}
