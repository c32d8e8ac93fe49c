import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { CallerKeysDto } from './caller-keys.dto.ts';

export class IntrospectionProfileDto {
  @ApiPropertyOptional({ enum: ['token', 'soon', 'past'], default: 'token' })
  @IsOptional()
  @IsIn(['token', 'soon', 'past'])
  readonly exp?: 'token' | 'soon' | 'past';

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'new names, and the members of the answer whose values are told under them too',
    example: { username: 'sub' },
  })
  @IsOptional()
  @IsObject()
  readonly aliases?: Record<string, string>;

  @ApiPropertyOptional({ default: false, description: 'it may look at its tokens without spending them' })
  @IsOptional()
  @IsBoolean()
  readonly peek?: boolean;
}

export class ForwardAuthDto {
  @ApiProperty({ type: [String], example: ['10.0.3.0/24'], description: 'networks of the gateway' })
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  readonly from: string[];

  @ApiProperty({ enum: ['original', 'forwarded', 'path'] })
  @IsIn(['original', 'forwarded', 'path'])
  readonly dialect: 'original' | 'forwarded' | 'path';

  @ApiPropertyOptional({ enum: ['none', 'gateway', 'api'], default: 'none' })
  @IsOptional()
  @IsIn(['none', 'gateway', 'api'])
  readonly body?: 'none' | 'gateway' | 'api';

  @ApiPropertyOptional({ description: 'header in which the gateway names each request of a caller' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly request_id?: string;

  @ApiPropertyOptional({ description: 'URL of the metadata of the API (RFC 9728)' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly resource_metadata?: string;
}

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

  @ApiPropertyOptional({ enum: ['dpop', 'bound', 'none'], default: 'dpop' })
  @IsOptional()
  @IsIn(['dpop', 'bound', 'none'])
  readonly proof?: 'dpop' | 'bound' | 'none';

  @ApiPropertyOptional({ type: IntrospectionProfileDto, description: 'how it wants to be answered' })
  @IsOptional()
  @ValidateNested()
  @Type(() => IntrospectionProfileDto)
  readonly introspection?: IntrospectionProfileDto;

  @ApiPropertyOptional({ default: false, description: 'it may have caller tokens, of a minute each' })
  @IsOptional()
  @IsBoolean()
  readonly caller_tokens?: boolean;

  @ApiPropertyOptional({ type: ForwardAuthDto, description: 'the gateway that asks for it at /forward-auth' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ForwardAuthDto)
  readonly forward_auth?: ForwardAuthDto;
}
