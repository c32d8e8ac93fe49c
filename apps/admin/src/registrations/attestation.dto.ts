import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
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

  @ApiPropertyOptional({
    default: false,
    description: 'what it says of the devices, in `posture`, is for the policies to see; needs `issuer`',
  })
  @IsOptional()
  @IsBoolean()
  readonly posture?: boolean;
}
