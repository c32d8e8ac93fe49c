/** A form of a page, ready to be sent. */
export interface ReadForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * The first form that is posted: its hidden fields as they are, and its other fields filled in from `values`.
 * Null when the page has none, or asks for something that `values` does not say.
 */
export function readForm(html: string, values: Readonly<Record<string, string>>): ReadForm | null {
  for (const [form, tag = '', content = ''] of html.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/gi)) {
    const action = attributeOf(tag, 'action');
    if (form === '' || action === null || attributeOf(tag, 'method')?.toLowerCase() !== 'post') continue;
    const fields = fill(content, values);
    return fields === null ? null : { action, fields };
  }
  return null;
}

function fill(content: string, values: Readonly<Record<string, string>>): Record<string, string> | null {
  const fields: Record<string, string> = {};
  for (const [input] of content.matchAll(/<input\b[^>]*>/gi)) {
    const name = attributeOf(input, 'name');
    if (name === null) continue;
    const value = attributeOf(input, 'type') === 'hidden' ? attributeOf(input, 'value') : values[name];
    if (value === undefined || value === null) return null;
    fields[name] = value;
  }
  return fields;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function attributeOf(tag: string, name: string): string | null {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value?.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity) ?? null;
}
