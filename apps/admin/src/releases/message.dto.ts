import { ApiProperty } from '@nestjs/swagger';
import { Matches, MaxLength } from 'class-validator';

export class MessageDto {
  @ApiProperty({ description: 'why, for whoever reads the history', maxLength: 500 })
  @MaxLength(500)
  @Matches(/^\P{C}+$/u, { message: 'must be a line of text that can be printed' })
  readonly message: string;
}
