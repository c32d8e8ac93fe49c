import { diffOperations } from './diff-operations.ts';

const operation = (id: string, path = '/a', tags: readonly string[] = []) => ({
  id,
  method: 'GET',
  path,
  tags,
});

it('tells what an import adds, changes and leaves over', () => {
  const present = [operation('same', '/s', ['a', 'b']), operation('moved'), operation('gone')];
  const imported = [operation('same', '/s', ['b', 'a']), operation('moved', '/b'), operation('new', '/c')];
  expect(diffOperations(present, imported)).toEqual({
    added: [operation('new', '/c')],
    changed: [operation('moved', '/b')],
    removed: ['gone'],
  });
});
