/** `Orders API / v2` to `orders-api-v2`: a tag of the catalog. Null when nothing is left of it. */
export function tagOf(text: string): string | null {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (slug === '') return null;
  return (/^[a-z]/.test(slug) ? slug : `t-${slug}`).slice(0, 32).replace(/-+$/, '');
}

/** An operation's id below its API: `orders` and `refundOrder` are `orders.refundOrder`. */
export function operationIdOf(api: string, operationId: string): string {
  const name = operationId
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .split('.')
    .map((part) => part.replaceAll(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('.');
  return name.startsWith(`${api}.`) ? name : `${api}.${name}`;
}

/** For an operation without a name: `GET /orders/{id}/refund` is `get-orders-id-refund`. */
export function nameOfRequest(method: string, path: string): string {
  const words = path.split('/').flatMap((segment) => segment.split(/[^A-Za-z0-9]+/));
  return [method.toLowerCase(), ...words.filter((word) => word !== '')].join('-');
}

/** As the catalog spells names of path parameters: `Order-Id` is `order_Id`. What is no plain name stays as it is. */
export function parameterNameOf(name: string): string {
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) return name;
  const plain = name.replaceAll(/[.-]+/g, '_').replace(/^_+/, '');
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
