import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import { RegistrationDto } from './registration.dto.ts';

/** An identity provider, as in registrations. */
export class IdentityProviderDto extends RegistrationDto {
  @ApiProperty({ example: 'corp' })
  @IsString()
  @MaxLength(64)
  readonly id: string;

  @ApiProperty({ example: 'https://login.example', description: 'compared code point for code point' })
  @IsString()
  @MaxLength(1024)
  readonly issuer: string;

  @ApiPropertyOptional({ type: [String], description: 'of ID tokens; default: the four of FAPI 2.0' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  readonly algorithms?: string[];

  @ApiPropertyOptional({ minimum: 1, maximum: 86_400, default: 3600 })
  @IsOptional()
  @IsInt()
  readonly max_age_seconds?: number;

  @ApiPropertyOptional({ example: 'groups' })
  @IsOptional()
  @IsString()
  readonly groups_claim?: string;

  @ApiPropertyOptional({ example: 'corp:' })
  @IsOptional()
  @IsString()
  readonly groups_prefix?: string;
}
