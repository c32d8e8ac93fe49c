import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { AttestationDto } from './attestation.dto.ts';
import { CallerKeysDto } from './caller-keys.dto.ts';
import { WorkloadsDto } from './workloads.dto.ts';

export class ClientProviderDto {
  @ApiProperty({ description: 'id of an identity provider', example: 'corp' })
  @IsString()
  @MaxLength(64)
  readonly id: string;

  @ApiProperty({ type: [String], description: '`aud` of its ID tokens for this client', example: ['desk'] })
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  @MaxLength(1024, { each: true })
  readonly audiences: string[];
}

export class ClientActorDto extends ClientProviderDto {
  @ApiProperty({ type: [String], description: '`sub` of those as whom it may act', example: ['agent-7'] })
  @IsArray()
  @ArrayMaxSize(256)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  readonly subjects: string[];
}

/** A client, as in registrations. */
export class ClientDto extends CallerKeysDto {
  @ApiPropertyOptional({ type: AttestationDto, description: 'in place of `jwks`' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AttestationDto)
  readonly attestation?: AttestationDto;

  @ApiProperty({ type: [ClientProviderDto] })
  @IsArray()
  @ArrayMaxSize(64)
  @ValidateNested({ each: true })
  @Type(() => ClientProviderDto)
  readonly identity_providers: ClientProviderDto[];

  @ApiProperty({ type: [String], description: 'ids of resource servers', example: ['orders'] })
  @IsArray()
  @ArrayMaxSize(256)
  @IsString({ each: true })
  readonly resource_servers: string[];

  @ApiPropertyOptional({ type: [ClientActorDto], description: 'as whom it may act for others' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(64)
  @ValidateNested({ each: true })
  @Type(() => ClientActorDto)
  readonly actors?: ClientActorDto[];

  @ApiPropertyOptional({
    type: [String],
    description: 'origins of its pages, when it runs in browsers',
    example: ['https://app.example'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  readonly browser_origins?: string[];

  @ApiPropertyOptional({ type: [WorkloadsDto], description: 'workloads whose JWT-SVIDs it may present' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @ValidateNested({ each: true })
  @Type(() => WorkloadsDto)
  readonly workloads?: WorkloadsDto[];

  @ApiPropertyOptional({ description: 'it may trade transaction tokens that it was handed', default: false })
  @IsOptional()
  @IsBoolean()
  readonly transaction_tokens?: boolean;
}
