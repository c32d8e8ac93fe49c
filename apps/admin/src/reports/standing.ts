import {
  readClient,
  readDevice,
  readIdentityProvider,
  readResourceServer,
  standingPrivilege,
  UNSTORED,
  type AdminStore,
  type ClientDocument,
  type IdentityProviderDocument,
  type RegistrationResource,
  type ReleaseDocument,
  type ResourceServerDocument,
  type StandingInput,
  type StandingPolicy,
  type StandingReport,
  type StoredResource,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import { LivePolicies } from '../policy/live-policies.ts';
import { POLICY_TOOLS, type PolicyTools } from '../policy/policy-tools.ts';
import { ADMIN_STORE } from '../ports.ts';

/** All that stands apart from policies. */
export type StandingRegistrations = Omit<StandingInput, 'policies'>;

const PAGE = 200;

/** Everything that does not expire or is wider than it must be. */
@Injectable()
export class Standing {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(LivePolicies) private readonly policies: LivePolicies,
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
  ) {}

  async report(): Promise<StandingReport> {
    return this.reportOn(await this.registrations(), await this.livePolicies());
  }

  reportOn(registrations: StandingRegistrations, policies: readonly StandingPolicy[]): StandingReport {
    return standingPrivilege({ ...registrations, policies });
  }

  async livePolicies(): Promise<readonly StandingPolicy[]> {
    const live = await this.policies.live();
    return live === null ? [] : this.policiesOf(live.full.document);
  }

  /** Policies that can be compiled; none of a document that cannot. */
  policiesOf(document: ReleaseDocument): readonly StandingPolicy[] {
    const compiled = this.tools.compile(0, document);
    if ('problems' in compiled) return [];
    const { release } = compiled;
    const texts = new Map(document.policies.map(({ id, cedar }) => [id, cedar]));
    return release.policies.flatMap((summary) => {
      const facts = this.tools.facts(texts.get(summary.id) ?? '');
      if (facts === null) return [];
      return [{ ...summary, ...facts, ttlSeconds: release.obligationsOf(summary.id).ttlSeconds ?? null }];
    });
  }

  async registrations(): Promise<StandingRegistrations> {
    const [providers, clients, servers, devices] = await Promise.all([
      this.enabled('identity_provider'),
      this.enabled('client'),
      this.enabled('resource_server'),
      this.enabled('device'),
    ]);
    return {
      now: Date.now(),
      identityProviders: providers.flatMap(({ document }) =>
        isIdentityProvider(document) ? [document] : [],
      ),
      clients: clients.flatMap(({ document, updatedAt }) =>
        isClient(document) ? [{ document, updatedAt }] : [],
      ),
      resourceServers: servers.flatMap(({ document }) => (isResourceServer(document) ? [document] : [])),
      devices: devices.flatMap(({ id, document }) => {
        const read = readDevice(document);
        return 'registration' in read ? [{ id, attestedAt: read.registration.attestedAt }] : [];
      }),
      roleBindings: await this.store.roleBindings(),
      enrolments: await this.store.openEnrolments(),
    };
  }

  private async enabled(kind: RegistrationResource): Promise<readonly StoredResource[]> {
    const all: StoredResource[] = [];
    let after: string | null = null;
    do {
      const page = await this.store.list(kind, { limit: PAGE, after, filter: {} });
      all.push(...page.items.filter((one) => one.enabled));
      after = page.next;
    } while (after !== null);
    return all;
  }
}

/** Read by the rules of a developer's machine: what was accepted once is to be reported, whatever the rules are now. */
const RULES = { allowHttpLoopback: true };

/** INVARIANT: what the reader of a kind accepts has the members of its document type. */
function isIdentityProvider(document: unknown): document is IdentityProviderDocument {
  return 'registration' in readIdentityProvider(document, RULES);
}

function isClient(document: unknown): document is ClientDocument {
  return 'registration' in readClient(document, RULES);
}

function isResourceServer(document: unknown): document is ResourceServerDocument {
  return 'registration' in readResourceServer(document, UNSTORED, RULES);
}
