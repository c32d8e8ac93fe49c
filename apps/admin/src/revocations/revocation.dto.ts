import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';

/** Who is meant. */
export class RevokedNameDto {
  @ApiProperty({
    example: 'spiffe://prod.example',
    description: 'as in `iss`; of workloads with a SPIFFE ID spiffe:// and the trust domain',
  })
  @IsString()
  @MaxLength(1024)
  readonly issuer: string;

  @ApiPropertyOptional({
    example: 'spiffe://prod.example/ns/payments/sa/biller',
    description: 'as in `sub`; without it, all workloads that the issuer vouches for',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2048)
  readonly subject?: string;
}

export class RevocationDto extends RevokedNameDto {
  @ApiPropertyOptional({
    default: false,
    description: 'nothing of them is taken any more, until it is lifted',
  })
  @IsOptional()
  @IsBoolean()
  readonly block?: boolean;
}
