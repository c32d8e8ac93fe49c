import type { GatewayPlace } from './gateway-place.ts';

/** `nginx.conf`: the ngx_http_auth_request_module asks. */
export function nginxFile({ id, host, port, broker, api }: GatewayPlace): string {
  return `# Each request is passed on when the broker has spent its token.
# Registration: forward_auth: { from: [<this host>], dialect: original, request_id: X-Gateway-Request }
events {}

http {
  upstream broker {
    server ${broker};
    keepalive 16;
  }
  upstream api {
    server ${api};
  }

  server {
    listen ${port};
    server_name ${host};

    location / {
      auth_request /oncekey;
      auth_request_set $oncekey_challenge $upstream_http_www_authenticate;
      auth_request_set $oncekey_retry $upstream_http_retry_after;
      auth_request_set $oncekey_subject $upstream_http_x_oncekey_subject;
      auth_request_set $oncekey_issuer $upstream_http_x_oncekey_subject_issuer;
      auth_request_set $oncekey_client $upstream_http_x_oncekey_client_id;
      auth_request_set $oncekey_operation $upstream_http_x_oncekey_operation;
      auth_request_set $oncekey_txn $upstream_http_x_oncekey_txn;
      auth_request_set $oncekey_jti $upstream_http_x_oncekey_jti;
      auth_request_set $oncekey_actor $upstream_http_x_oncekey_actor;
      auth_request_set $oncekey_actor_issuer $upstream_http_x_oncekey_actor_issuer;
      auth_request_set $oncekey_acr $upstream_http_x_oncekey_acr;
      auth_request_set $oncekey_digest $upstream_http_x_oncekey_content_digest;

      # auth_request makes 500 of whatever is neither 2xx, 401 nor 403: undecided is 503.
      error_page 401 = @refused;
      error_page 500 = @undecided;

      # An empty value takes away what the caller sent.
      proxy_set_header X-Oncekey-Subject $oncekey_subject;
      proxy_set_header X-Oncekey-Subject-Issuer $oncekey_issuer;
      proxy_set_header X-Oncekey-Client-Id $oncekey_client;
      proxy_set_header X-Oncekey-Operation $oncekey_operation;
      proxy_set_header X-Oncekey-Txn $oncekey_txn;
      proxy_set_header X-Oncekey-Jti $oncekey_jti;
      proxy_set_header X-Oncekey-Actor $oncekey_actor;
      proxy_set_header X-Oncekey-Actor-Issuer $oncekey_actor_issuer;
      proxy_set_header X-Oncekey-Acr $oncekey_acr;
      proxy_set_header X-Oncekey-Content-Digest $oncekey_digest;
      proxy_set_header Authorization "";
      proxy_set_header DPoP "";
      proxy_pass http://api;
    }

    location = /oncekey {
      internal;
      proxy_cache off;
      proxy_next_upstream off;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header X-Original-Method $request_method;
      proxy_set_header X-Original-URI $request_uri;
      proxy_set_header X-Gateway-Request $request_id;
      proxy_pass http://broker/forward-auth/${id};
    }

    location @refused {
      internal;
      add_header WWW-Authenticate $oncekey_challenge always;
      add_header Cache-Control no-store always;
      return 401;
    }

    location @undecided {
      internal;
      add_header Retry-After 1 always;
      return 503;
    }
  }
}
`;
}
