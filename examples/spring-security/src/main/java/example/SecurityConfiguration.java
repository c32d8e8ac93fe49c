package example;

import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

@Configuration
class SecurityConfiguration {
  /**
   * No oauth2ResourceServer() here: it tells the broker the token alone, and would ask a second time. Nor is the filter a
   * bean, which Boot would run outside of this chain too.
   */
  @Bean
  SecurityFilterChain api(
      HttpSecurity http,
      @Value("${oncekey.issuer}") String issuer,
      @Value("${oncekey.client-id}") String clientId,
      @Value("${oncekey.key}") Path key,
      @Value("${oncekey.origin}") String origin)
      throws IOException, ParseException {
    Broker broker = new Broker(issuer, new ClientAssertion(issuer, clientId, Files.readString(key)));
    return http.csrf(AbstractHttpConfigurer::disable)
        // What a session remembers is a permission that is not spent.
        .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .addFilterBefore(new SpendTokenFilter(broker, origin), AuthorizationFilter.class)
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .exceptionHandling(refused -> refused.authenticationEntryPoint(SpendTokenFilter::refuse))
        .build();
  }
}
