import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** Where a transmitter's events are fetched (RFC 8936), and how the broker proves itself there. */
export class EventPollDto {
  @ApiProperty({ example: 'https://mdm.example/ssf/poll/7' })
  @IsString()
  @MaxLength(1024)
  readonly endpoint: string;

  @ApiProperty({
    example: 'https://mdm.example/oauth/token',
    description: 'gives an access token for an assertion that the broker signs with a key of its /jwks',
  })
  @IsString()
  @MaxLength(1024)
  readonly token_endpoint: string;

  @ApiProperty({ example: 'oncekey', description: 'the client id of the broker there' })
  @IsString()
  @MaxLength(128)
  readonly client_id: string;

  @ApiPropertyOptional({ description: 'aud of the assertion; default: the token endpoint' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly assertion_audience?: string;

  @ApiPropertyOptional({ example: 'ssf.read', description: 'default: none is asked for' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly scope?: string;
}
