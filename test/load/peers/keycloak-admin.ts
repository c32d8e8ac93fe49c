import { Pool } from 'undici';

/** Keycloak's admin REST API, as an admin of the `master` realm. */
export class KeycloakAdmin {
  private constructor(
    private readonly pool: Pool,
    private readonly basePath: string,
    private readonly accessToken: string,
  ) {}

  /** Fails  Error when it is not signed in */
  static async signIn(
    url: string,
    { username, password }: { readonly username: string; readonly password: string },
  ): Promise<KeycloakAdmin> {
    const { origin, pathname } = new URL(url);
    const pool = new Pool(origin);
    const basePath = pathname.replace(/\/$/, '');
    const form = { grant_type: 'password', client_id: 'admin-cli', username, password };
    const { status, text } = await send(pool, {
      method: 'POST',
      path: `${basePath}/realms/master/protocol/openid-connect/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    });
    if (status !== 200) {
      await pool.close();
      throw new Error(`Keycloak does not let ${username} in: ${status} ${text.slice(0, 200)}`);
    }
    const { access_token: accessToken } = JSON.parse(text) as { access_token: string };
    return new KeycloakAdmin(pool, basePath, accessToken);
  }

  /** Deletes what may not be there. */
  async remove(path: string): Promise<void> {
    await this.call('DELETE', path, undefined, [204, 404]);
  }

  async create(path: string, representation: object): Promise<void> {
    await this.call('POST', path, representation, [201]);
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async call(
    method: 'POST' | 'DELETE',
    path: string,
    representation: object | undefined,
    expected: readonly number[],
  ): Promise<void> {
    const { status, text } = await send(this.pool, {
      method,
      path: `${this.basePath}/admin${path}`,
      headers: { authorization: `Bearer ${this.accessToken}`, 'content-type': 'application/json' },
      body: representation === undefined ? null : JSON.stringify(representation),
    });
    if (!expected.includes(status))
      throw new Error(`Keycloak answered ${method} ${path} with ${status}: ${text.slice(0, 200)}`);
  }
}

interface Message {
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

async function send(pool: Pool, message: Message): Promise<{ status: number; text: string }> {
  const { statusCode, body } = await pool.request(message);
  return { status: statusCode, text: await body.text() };
}
