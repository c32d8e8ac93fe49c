import type { GatewayPlace } from './gateway-place.ts';

/** `Caddyfile`: the `forward_auth` directive asks. */
export function caddyFile({ id, origin, broker, api }: GatewayPlace): string {
  return `# Each request is passed on when the broker has spent its token. No cache handler may stand before forward_auth.
# Registration: forward_auth: { from: [<this host>], dialect: forwarded }
{
	admin off
}

${origin} {
	route {
		# What the broker does not tell must not come from the caller.
		request_header -X-Oncekey-*
		forward_auth ${broker} {
			uri /forward-auth/${id}
			copy_headers X-Oncekey-Subject X-Oncekey-Subject-Issuer X-Oncekey-Client-Id X-Oncekey-Operation X-Oncekey-Txn X-Oncekey-Jti X-Oncekey-Actor X-Oncekey-Actor-Issuer X-Oncekey-Acr X-Oncekey-Content-Digest
		}
		reverse_proxy ${api} {
			header_up -Authorization
			header_up -DPoP
		}
	}
}
`;
}
