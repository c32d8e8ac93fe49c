import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import { ClientDto } from '../registrations/client.dto.ts';
import { IdentityProviderDto } from '../registrations/identity-provider.dto.ts';

/** The code of the link, and who claims it with which client. */
export class EnrolmentDto {
  @ApiProperty({ description: 'what stands behind # in the link' })
  @IsString()
  @MaxLength(128)
  readonly code: string;

  @ApiProperty({ description: 'of the identity provider, made for the client' })
  @IsString()
  @MaxLength(8_192)
  readonly id_token: string;

  @ApiProperty({ type: IdentityProviderDto })
  @IsObject()
  @ValidateNested()
  @Type(() => IdentityProviderDto)
  readonly identity_provider: IdentityProviderDto;

  @ApiProperty({ type: ClientDto, description: 'it names the resource server oncekey-admin' })
  @IsObject()
  @ValidateNested()
  @Type(() => ClientDto)
  readonly client: ClientDto;
}
