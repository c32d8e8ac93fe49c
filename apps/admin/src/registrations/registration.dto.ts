import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';

export class RegistrationDto {
  @ApiPropertyOptional({ description: 'false: it is kept and counts for nothing', default: true })
  @IsOptional()
  @IsBoolean()
  readonly enabled?: boolean;
}
