import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** What somebody says of the device in their hands; whose it is, and its key, is proved by the call. */
export class DeviceEnrolmentDto {
  @ApiProperty({ example: 'adas-laptop' })
  @IsString()
  @MaxLength(64)
  readonly id: string;

  @ApiProperty({ example: 'macos' })
  @IsString()
  @MaxLength(64)
  readonly platform: string;
}
