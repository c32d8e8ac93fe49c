import { Type } from 'class-transformer';
import { IsString, MaxLength, ValidateNested } from 'class-validator';
import { bodyValidation, InvalidBody, type BodyProblem } from './invalid-body.ts';

class Inner {
  @IsString()
  name: string;
}

class Outer {
  @IsString()
  @MaxLength(3)
  id: string;

  @ValidateNested()
  @Type(() => Inner)
  inner: Inner;
}

async function problemsOf(body: unknown): Promise<readonly BodyProblem[]> {
  try {
    await bodyValidation().transform(body, { type: 'body', metatype: Outer });
    return [];
  } catch (thrown) {
    if (thrown instanceof InvalidBody) return thrown.errors;
    throw thrown;
  }
}

it.each<[string, unknown, string[]]>([
  ['takes what fits', { id: 'a', inner: { name: 'b' } }, []],
  ['points at a member', { id: 'long', inner: { name: 'b' } }, ['#/id']],
  ['points at a member of a member', { id: 'a', inner: { name: 1 } }, ['#/inner/name']],
  [
    'refuses a member that the class does not have',
    { id: 'a', inner: { name: 'b' }, admin: true },
    ['#/admin'],
  ],
  ['escapes what it points at', { id: 'a', inner: { name: 'b' }, 'a/b~c': 1 }, ['#/a~1b~0c']],
])('%s', async (_, body, pointers) => {
  expect((await problemsOf(body)).map(({ pointer }) => pointer)).toEqual(pointers);
});
