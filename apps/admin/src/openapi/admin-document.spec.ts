import { ADMIN_OPERATIONS } from '#core';
import { writeAdminDocument } from './admin-document.ts';

type Described = {
  operationId?: string;
  responses: Record<string, { content?: Record<string, { example?: unknown }> }>;
};

it('describes every operation of the catalog, with an example of its answer', async () => {
  const { paths } = await writeAdminDocument();
  const called = ADMIN_OPERATIONS.filter(({ tags }) => !tags.includes('admin-right'));
  const described = called.map(({ id, method, path }) => {
    const item = paths[path] as unknown as Record<string, Described> | undefined;
    const { operationId, responses } = item?.[method.toLowerCase()] ?? { responses: {} };
    const good = Object.entries(responses).find(([status]) => status.startsWith('2'));
    const [content] = Object.values(good?.[1].content ?? {});
    return { id, operationId, hasExample: good?.[0] === '204' || content?.example !== undefined };
  });
  expect(described).toEqual(
    called.map(({ id }) => ({ id, operationId: id.replace(/^admin\./, ''), hasExample: true })),
  );
});
