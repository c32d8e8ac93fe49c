import { readForm } from './read-form.ts';

/** More redirects and pages than any honest sign-in has. */
const MAX_STEPS = 20;

/** As much of a browser as a sign-in needs: follows redirects, keeps cookies, fills in forms and sends them. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  /** `destination`: an address that starts with it ends the visit, without being loaded. */
  constructor(private readonly destination: string) {}

  /**
   * Loads a page, and sends each form that comes with the given fields filled in.
   *
   * Out    the address at the destination
   * Fails  Error when a page has no form, shows the same form again or never leads to the destination
   */
  async visit(start: URL, fields: Readonly<Record<string, string>>): Promise<URL> {
    let at = start;
    let form: URLSearchParams | null = null;
    for (let step = 0; step < MAX_STEPS; step++) {
      const response = await this.load(at, form);
      form = null;
      const location = response.headers.get('location');
      if (location !== null) {
        at = new URL(location, at);
        if (at.href.startsWith(this.destination)) return at;
        continue;
      }
      const page = await response.text();
      const read = readForm(page, fields);
      if (!response.ok || read === null)
        throw new Error(`no sign-in form at ${at.origin}${at.pathname} (${response.status})`);
      at = new URL(read.action, at);
      form = new URLSearchParams(read.fields);
    }
    throw new Error(`the sign-in at ${start.origin} goes in circles`);
  }

  private async load(at: URL, form: URLSearchParams | null): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(at, {
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) },
      ...(form === null ? {} : { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const [name, value] = splitOnce(pair.trim(), '=');
    const expires = attributes
      .map((one) => splitOnce(one.trim(), '='))
      .find(([key]) => /^expires$/i.test(key))?.[1];
    if (value === '' || (expires !== undefined && Date.parse(expires) < Date.now()))
      this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
