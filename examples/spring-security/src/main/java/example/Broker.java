package example;

import java.net.URI;
import java.net.http.HttpClient;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.http.RequestEntity;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.SpringOpaqueTokenIntrospector;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestTemplate;

/** Asks the broker about one request at a time. Nothing of an answer is kept: never put a cache around this. */
final class Broker {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private final URI endpoint;
  private final ClientAssertion assertion;
  private final RestTemplate rest;

  Broker(String issuer, ClientAssertion assertion) {
    this.endpoint = URI.create(issuer + "/introspect");
    this.assertion = assertion;
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT).build();
    var factory = new JdkClientHttpRequestFactory(client);
    factory.setReadTimeout(ANSWER_TIMEOUT);
    this.rest = new RestTemplate(factory);
  }

  /** An answer that was lost is asked for again with the same Idempotency-Key: it is given again, not spent again. */
  OpaqueTokenIntrospector introspectorOf(ToldRequest told) {
    String repeatKey = "\"" + UUID.randomUUID() + "\"";
    var introspector = new SpringOpaqueTokenIntrospector(endpoint.toString(), rest);
    introspector.setRequestEntityConverter(token -> question(told, token, repeatKey));
    return token -> {
      try {
        return introspector.introspect(token);
      } catch (BadOpaqueTokenException refused) {
        throw refused;
      } catch (OAuth2IntrospectionException lost) {
        return introspector.introspect(token);
      }
    };
  }

  private RequestEntity<?> question(ToldRequest told, String token, String repeatKey) {
    var form = new LinkedMultiValueMap<String, String>();
    form.add("token", token);
    form.add("http_method", told.method());
    form.add("http_target_uri", told.targetUri());
    form.add("dpop_proof", told.proof());
    if (told.body().length > 0) {
      form.add("content_digest", "sha-256=:" + Base64.getEncoder().encodeToString(sha256(told.body())) + ":");
      if (told.contentType() != null) form.add("http_content_type", told.contentType());
    }
    form.add("client_assertion_type", ClientAssertion.TYPE);
    form.add("client_assertion", assertion.make());
    return RequestEntity.post(endpoint)
        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
        .accept(MediaType.APPLICATION_JSON)
        .header("Idempotency-Key", repeatKey)
        .body(form);
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
