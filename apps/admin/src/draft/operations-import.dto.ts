import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsObject, IsOptional, Matches } from 'class-validator';

export class ImportPreviewDto {
  @ApiProperty({ description: 'registration id of the resource server', example: 'orders' })
  @Matches(/^[a-z][a-z0-9-]{0,63}$/, { message: 'must be the id of a resource server' })
  readonly api: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'OpenAPI 3.0 or 3.1, as JSON' })
  @IsObject()
  readonly openapi: object;
}

export class ImportDto extends ImportPreviewDto {
  @ApiPropertyOptional({ description: 'operations that the document does not have go', default: false })
  @IsOptional()
  @IsBoolean()
  readonly remove?: boolean;
}
