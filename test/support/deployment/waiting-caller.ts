import { API, type Deployment } from './deployment.ts';
import { Caller, JWT_BEARER, type Answer, type Claims, type Parameters } from './caller.ts';

export const DEFERRED = 'urn:ietf:params:oauth:grant-type:deferred';
export const DEFERRAL_CODE = 'urn:ietf:params:oauth:token-type:deferral-code';

/** The operation that buyers may do once one of `leads` approves. */
export const BRIEF = `${API}/orders/42/brief`;

/** The policy that says so; besides those of every deployment. */
export const NEEDS_APPROVAL: Readonly<Record<string, string>> = {
  'buyers-brief': `@approval("Group::\\"leads\\"") @ttl("300")
permit (principal in Group::"buyers", action == Action::"orders.brief", resource == Api::"orders");`,
};

/** Who asks for what needs an approval, and asks again. */
export class WaitingCaller {
  readonly caller: Caller;

  constructor(
    deployment: Deployment,
    readonly subject: string,
    brokerAt = 0,
  ) {
    this.caller = new Caller(deployment, brokerAt);
  }

  /** `completion_mode` may be left out with `undefined`. */
  async ask(changes: Parameters = {}, claims: Claims = {}, proof?: string | null): Promise<Answer> {
    const { deployment } = this.caller;
    const idToken = deployment.issuerServer.idToken({ sub: this.subject, groups: ['buyers'], ...claims });
    return this.caller.exchange(
      {
        subject_token: idToken,
        completion_mode: 'deferred',
        authorization_details: this.caller.details({ target_uri: BRIEF }),
        ...changes,
      },
      proof,
    );
  }

  /** The code that it is given. Fails when nothing waits. */
  async wait(changes: Parameters = {}, claims: Claims = {}): Promise<{ code: string; bindingCode: string }> {
    const { body, text } = await this.ask(changes, claims);
    const { deferral_code: code, binding_code: bindingCode } = body;
    if (typeof code !== 'string' || typeof bindingCode !== 'string')
      throw new Error(`nothing waits: ${text}`);
    return { code, bindingCode };
  }

  async poll(code: string, changes: Parameters = {}, proof?: string | null): Promise<Answer> {
    await this.caller.learnNonce();
    const header = proof === undefined ? this.caller.proof() : proof;
    return this.caller.post('/token', this.polling(code, changes), header === null ? {} : { DPoP: header });
  }

  polling(code: string, changes: Parameters = {}): Parameters {
    return {
      grant_type: DEFERRED,
      client_assertion_type: JWT_BEARER,
      client_assertion: this.caller.assertion(),
      deferral_code: code,
      ...changes,
    };
  }

  cancel(code: string, changes: Parameters = {}): Promise<Answer> {
    return this.caller.post('/revoke', {
      token: code,
      token_type_hint: DEFERRAL_CODE,
      client_assertion_type: JWT_BEARER,
      client_assertion: this.caller.assertion(),
      ...changes,
    });
  }
}
