import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

export type Against = 'draft' | 'live';

/** The most decisions that one replay looks at; above it, every n-th. */
export const REPLAY_LIMIT = { default: 10_000, most: 50_000 };

export class FormatDto {
  @ApiProperty({ description: 'one policy, or a file of them', maxLength: 262_144 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(262_144)
  readonly cedar: string;
}

export class TestDto {
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object' },
    description: 'in place of the stored ones',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsObject({ each: true })
  readonly tests?: object[];
}

export class RangeDto {
  @ApiProperty({ format: 'date-time', example: '2026-01-01T00:00:00Z' })
  @IsString()
  @MaxLength(32)
  readonly from: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T00:00:00Z' })
  @IsString()
  @MaxLength(32)
  readonly to: string;
}

export class ReplayDto extends RangeDto {
  @ApiPropertyOptional({ enum: ['draft', 'live'], default: 'draft' })
  @IsOptional()
  @IsIn(['draft', 'live'])
  readonly against?: Against;

  @ApiPropertyOptional({ minimum: 1, maximum: REPLAY_LIMIT.most, default: REPLAY_LIMIT.default })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(REPLAY_LIMIT.most)
  readonly limit?: number;
}

export class PlanDto {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'a release document' })
  @IsObject()
  readonly document: object;

  @ApiPropertyOptional({ type: RangeDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RangeDto)
  readonly replay?: RangeDto;
}
