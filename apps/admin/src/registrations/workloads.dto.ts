import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { SpiffeDto } from './spiffe.dto.ts';

/** Whose JWT-SVIDs a client may present. */
export class WorkloadsDto extends SpiffeDto {
  @ApiPropertyOptional({
    enum: ['subject', 'actor'],
    default: 'subject',
    description: 'on their behalf, or as them on behalf of others',
  })
  @IsOptional()
  @IsIn(['subject', 'actor'])
  readonly as?: 'subject' | 'actor';

  @ApiPropertyOptional({ type: [String], description: 'of SVIDs', example: ['ES256'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  readonly algorithms?: string[];

  @ApiPropertyOptional({ description: 'longest life of an SVID, in seconds', default: 3600 })
  @IsOptional()
  @IsInt()
  readonly max_svid_seconds?: number;
}
