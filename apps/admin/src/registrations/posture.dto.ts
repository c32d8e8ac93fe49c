import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsObject, IsOptional } from 'class-validator';

/** A whole report of a device: what it leaves out is not known any more. */
export class PostureDto {
  @ApiPropertyOptional({ description: 'false freezes the device, until the same reporter says true' })
  @IsOptional()
  @IsBoolean()
  readonly compliant?: boolean;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'boolean' },
    description: 'by name; policies see those that are true',
    example: { disk_encrypted: true, firewall: false },
  })
  @IsOptional()
  @IsObject()
  readonly facts?: Record<string, unknown>;
}
