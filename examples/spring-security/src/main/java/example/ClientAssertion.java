package example;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** Says who asks (RFC 7523), for one question each. */
final class ClientAssertion {
  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private final String issuer;
  private final String clientId;
  private final ECKey key;
  private final JWSSigner signer;

  /** jwk: a private key on P-256, with the kid that is registered */
  ClientAssertion(String issuer, String clientId, String jwk) throws ParseException {
    this.issuer = issuer;
    this.clientId = clientId;
    this.key = ECKey.parse(jwk);
    try {
      this.signer = new ECDSASigner(key);
    } catch (JOSEException unfit) {
      throw new IllegalArgumentException("the key cannot sign", unfit);
    }
  }

  String make() {
    Instant now = Instant.now();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType("client-authentication+jwt"))
            .keyID(key.getKeyID())
            .build();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(clientId)
            .subject(clientId)
            .audience(issuer)
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(50)))
            .build();
    var signed = new SignedJWT(header, claims);
    try {
      signed.sign(signer);
    } catch (JOSEException unfit) {
      throw new IllegalStateException("the key cannot sign", unfit);
    }
    return signed.serialize();
  }
}
