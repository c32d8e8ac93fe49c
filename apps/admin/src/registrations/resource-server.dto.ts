import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { CallerKeysDto } from './caller-keys.dto.ts';

/** A resource server, as in registrations. */
export class ResourceServerDto extends CallerKeysDto {
  @ApiProperty({ example: 'orders', description: 'the name that policies and the catalog use' })
  @IsString()
  @MaxLength(64)
  readonly id: string;

  @ApiProperty({ example: 'https://api.example/v1', description: 'base URL; none lies below another' })
  @IsString()
  @MaxLength(1024)
  readonly resource: string;

  @ApiPropertyOptional({ enum: ['enforced', 'self'], default: 'enforced' })
  @IsOptional()
  @IsIn(['enforced', 'self'])
  readonly binding?: 'enforced' | 'self';

  @ApiPropertyOptional({ enum: ['dpop', 'none'], default: 'dpop' })
  @IsOptional()
  @IsIn(['dpop', 'none'])
  readonly proof?: 'dpop' | 'none';
}
