import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsObject } from 'class-validator';

const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};

export class JwkSetDto {
  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description: 'public keys (RFC 7517)',
    example: [KEY],
  })
  @IsArray()
  @ArrayMaxSize(16)
  @IsObject({ each: true })
  readonly keys: object[];
}
