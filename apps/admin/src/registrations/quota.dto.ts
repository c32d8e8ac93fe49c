import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional } from 'class-validator';

/** How much a caller may ask of a broker. */
export class QuotaDto {
  @ApiProperty({ minimum: 1, maximum: 1_000_000, example: 50 })
  @IsInt()
  readonly requests_per_second: number;

  @ApiPropertyOptional({
    minimum: 1,
    maximum: 2_000_000,
    description: 'requests at once after a quiet time; default: what may be sent in two seconds',
  })
  @IsOptional()
  @IsInt()
  readonly burst?: number;
}
