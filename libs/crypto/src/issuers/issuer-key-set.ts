import { Unavailable, type Clock, type EpochMs, type KeyPublisher, type PublicKey } from '#core';
import { SingleFlight } from '../single-flight.ts';
import type { FetchJson } from '../outbound/guarded-fetch.ts';
import type { ReportProblem } from '../report-problem.ts';
import { BadPublication } from './bad-publication.ts';
import { discoverJwksUri, discoverTransmitterJwksUri } from './discover-jwks-uri.ts';
import { readJwkSet, type PublishedKeys } from './read-jwk-set.ts';
import { readSpiffeBundle } from './read-spiffe-bundle.ts';

export interface IssuerKeySetPorts {
  readonly fetchJson: FetchJson;
  readonly clock: Clock;
  readonly onProblem: ReportProblem;
}

/** A set is used for so long without asking whether it still holds. */
export const MAX_AGE_MS = 15 * 60_000;

/** From this age on it is fetched again in the background, at a moment that differs between brokers. */
const REFRESH_FROM_MS = 10 * 60_000;
const REFRESH_SPREAD_MS = 4 * 60_000;

/** When the provider does not answer, its last good set is believed until then. */
export const MAX_STALE_MS = 60 * 60_000;

/** An unknown `kid` makes us fetch at most once in this time. */
export const UNKNOWN_KID_COOL_DOWN_MS = 30_000;

/** After a failure nobody asks for this long. */
export const FAILURE_PAUSE_MS = 5_000;

interface GoodSet {
  readonly keys: readonly PublicKey[];
  readonly fetchedAt: EpochMs;
  readonly refreshAt: EpochMs;
}

interface Discovery {
  readonly jwksUri: string;
  readonly discoveredAt: EpochMs;
}

/** The published keys of one publisher, fetched when they are asked for and remembered. */
export class IssuerKeySet {
  private good: GoodSet | null = null;
  private discovery: Discovery | null = null;
  /** Null unless the last attempt failed. */
  private failure: { readonly at: EpochMs; readonly cause: unknown } | null = null;
  private askedForKidAt: EpochMs | null = null;
  private readonly fetching = new SingleFlight(() => this.fetch());

  constructor(
    private readonly ports: IssuerKeySetPorts,
    private readonly publisher: KeyPublisher,
  ) {}

  /** Fails  Unavailable: there is no set that can be believed, or it is not known whether `kid` belongs to it */
  async keysFor(kid: string | null): Promise<readonly PublicKey[]> {
    const hasWaited = await this.beCurrent();
    const known = this.believed();
    if (kid === null || known.some((key) => key.kid === kid)) return known;
    if (!hasWaited) await this.askForKid();
    // The kid may be made up or brand-new; while the provider is silent nobody knows.
    if (this.failure !== null) throw this.unavailable();
    return this.believed();
  }

  /** Fetches where that is due, and waits where there is nothing better to do. True when it waited for a fetch. */
  private async beCurrent(): Promise<boolean> {
    const now = this.ports.clock.now();
    const { good } = this;
    if (good !== null && isWithin(good.fetchedAt, now, MAX_AGE_MS)) {
      if (now >= good.refreshAt) void this.attempt();
      return false;
    }
    const mustWait = good === null || this.failure === null || !isWithin(good.fetchedAt, now, MAX_STALE_MS);
    const attempt = this.attempt();
    // With an old set in hand and a provider that failed before, requests do not queue up behind it.
    if (!mustWait) return false;
    await attempt;
    return true;
  }

  private believed(): readonly PublicKey[] {
    if (this.good !== null && isWithin(this.good.fetchedAt, this.ports.clock.now(), MAX_STALE_MS)) {
      return this.good.keys;
    }
    throw this.unavailable();
  }

  private async askForKid(): Promise<void> {
    const now = this.ports.clock.now();
    const isCool =
      this.askedForKidAt === null || !isWithin(this.askedForKidAt, now, UNKNOWN_KID_COOL_DOWN_MS - 1);
    if (!isCool) return this.fetching.current() ?? undefined;
    if (this.isPausing(now)) return;
    this.askedForKidAt = now;
    await this.attempt();
  }

  /** One fetch for all who want one, none in the pause after a failure. Never rejects: `failure` tells. */
  private async attempt(): Promise<void> {
    if (!this.isPausing(this.ports.clock.now())) await this.fetching.run();
  }

  private isPausing(now: EpochMs): boolean {
    return this.failure !== null && isWithin(this.failure.at, now, FAILURE_PAUSE_MS);
  }

  private async fetch(): Promise<void> {
    try {
      const fetchedAt = this.ports.clock.now();
      const { keys, exposed, refreshAfterMs } = await this.fetchKeys(fetchedAt);
      if (exposed > 0) this.ports.onProblem(`${this.who} publishes private keys; they are not used`, null);
      const dueAfterMs = Math.min(refreshAfterMs ?? REFRESH_FROM_MS, REFRESH_FROM_MS);
      const refreshAt =
        fetchedAt + dueAfterMs + Math.random() * REFRESH_SPREAD_MS * (dueAfterMs / REFRESH_FROM_MS);
      this.good = { keys, fetchedAt, refreshAt };
      this.failure = null;
    } catch (cause) {
      if (this.failure === null) {
        this.ports.onProblem(`the keys of ${this.who} could not be fetched`, cause);
      }
      this.discovery = null;
      this.failure = { at: this.ports.clock.now(), cause };
    }
  }

  private async fetchKeys(now: EpochMs): Promise<PublishedKeys> {
    const { fetchJson } = this.ports;
    const { publisher } = this;
    if ('bundleEndpoint' in publisher)
      return usable(readSpiffeBundle(await fetchJson(publisher.bundleEndpoint)));
    if ('jwksUri' in publisher) return usable(readJwkSet(await fetchJson(publisher.jwksUri)));
    if (this.discovery === null || !isWithin(this.discovery.discoveredAt, now, REFRESH_FROM_MS)) {
      const jwksUri = await ('issuer' in publisher
        ? discoverJwksUri(fetchJson, publisher.issuer)
        : discoverTransmitterJwksUri(fetchJson, publisher.transmitter));
      this.discovery = { jwksUri, discoveredAt: now };
    }
    return usable(readJwkSet(await fetchJson(this.discovery.jwksUri)));
  }

  private get who(): string {
    return `${kindOf(this.publisher)} ${this.publisher.id}`;
  }

  private unavailable(): Unavailable {
    return new Unavailable(`the keys of ${this.who} are not known`, this.failure?.cause);
  }
}

function kindOf(publisher: KeyPublisher): string {
  if ('issuer' in publisher) return 'identity provider';
  return 'bundleEndpoint' in publisher ? 'trust domain' : 'event transmitter';
}

function usable(published: PublishedKeys | null): PublishedKeys {
  if (published !== null) return published;
  throw new BadPublication('the key set is none, is too large, or holds no usable key');
}

/** A clock that jumped back says as little about an age as one that ran on. */
function isWithin(since: EpochMs, now: EpochMs, ms: number): boolean {
  return Math.abs(now - since) <= ms;
}
