import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

export class ApprovalDto {
  @ApiProperty({
    description: '`operation_hash` of what was shown: nothing else is approved',
    example: 'jXk1m0mYv0JqJm8X8J5d5mC1r0Zk3W8m0m8m8m8m8m8',
  })
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'must be a SHA-256 in base64url' })
  readonly operation_hash: string;
}
