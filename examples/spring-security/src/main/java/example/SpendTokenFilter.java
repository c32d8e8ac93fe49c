package example;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenAuthenticationProvider;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request through when the broker has spent its token, for this very request: 401 otherwise, and 503 while the
 * broker does not answer. A request is asked about once, however often it is forwarded.
 */
final class SpendTokenFilter extends OncePerRequestFilter {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final String SCHEME = "DPoP ";

  private final Broker broker;
  private final String origin;

  /** origin: as callers spell it, such as https://api.example */
  SpendTokenFilter(Broker broker, String origin) {
    this.broker = broker;
    this.origin = origin;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    List<String> authorization = Collections.list(request.getHeaders("Authorization"));
    List<String> proof = Collections.list(request.getHeaders("DPoP"));
    if (authorization.size() != 1 || proof.size() != 1 || !authorization.get(0).startsWith(SCHEME)) {
      refuse(request, response, null);
      return;
    }
    byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      response.setStatus(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
      return;
    }
    var told = new ToldRequest(request.getMethod(), targetUri(request), body, request.getContentType(), proof.get(0));
    try {
      var provider = new OpaqueTokenAuthenticationProvider(broker.introspectorOf(told));
      var token = new BearerTokenAuthenticationToken(authorization.get(0).substring(SCHEME.length()));
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(provider.authenticate(token));
      SecurityContextHolder.setContext(context);
    } catch (AuthenticationServiceException unanswered) {
      logger.warn("the broker did not answer", unanswered);
      response.setHeader("Retry-After", "1");
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return;
    } catch (AuthenticationException refused) {
      refuse(request, response, refused);
      return;
    }
    chain.doFilter(new RequestWithBody(request, body), response);
  }

  /** As it was sent: neither decoded nor normalised. */
  private String targetUri(HttpServletRequest request) {
    String query = request.getQueryString();
    return origin + request.getRequestURI() + (query == null ? "" : "?" + query);
  }

  static void refuse(HttpServletRequest request, HttpServletResponse response, AuthenticationException why) {
    response.setHeader("WWW-Authenticate", "DPoP error=\"invalid_token\"");
    response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
  }
}
