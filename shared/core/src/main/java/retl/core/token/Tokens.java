package retl.core.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;
import retl.core.Ids;
import retl.core.Keys;
import retl.core.Role;

/** Issuing tokens and recognising them. */
public final class Tokens {
  private static final String MAC = "HmacSHA256";

  private final TokenStore store;
  private final Keys keys;
  private final Ids ids;
  private final Clock clock;

  public Tokens(TokenStore store, Keys keys, Ids ids, Clock clock) {
    this.store = store;
    this.keys = keys;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Makes a token for a workspace. Only its keyed hash is kept, so this is the one time that it can
   * be shown.
   */
  public Token issue(String workspace, Role role, @Nullable Instant expiresAt) {
    Token token = Token.random(ids.next("").substring(1), new SecureRandom());
    store.put(new TokenStore.Grant(token.id(), workspace, role, hash(token), expiresAt));
    return token;
  }

  /**
   * Whom an {@code Authorization} header speaks for; empty when it speaks for nobody. Malformed,
   * unknown, expired and revoked tokens are not told apart.
   */
  public Optional<TokenStore.Grant> authenticate(String authorization) {
    return bearer(authorization)
        .flatMap(Token::parse)
        .flatMap(token -> store.find(token.id()).filter(grant -> isGood(grant, token)));
  }

  // RFC 9110: the scheme's name is in any case, and one or more spaces follow it.
  private static Optional<String> bearer(String authorization) {
    return authorization.regionMatches(true, 0, "Bearer ", 0, 7)
        ? Optional.of(authorization.substring(7).strip())
        : Optional.empty();
  }

  private boolean isGood(TokenStore.Grant grant, Token token) {
    byte[] expected = grant.hash().getBytes(StandardCharsets.US_ASCII);
    byte[] actual = hash(token).getBytes(StandardCharsets.US_ASCII);
    Instant expiresAt = grant.expiresAt();
    return MessageDigest.isEqual(expected, actual)
        && (expiresAt == null || clock.instant().isBefore(expiresAt));
  }

  private String hash(Token token) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(keys.key("token", MAC));
      byte[] hash = mac.doFinal(token.reveal().getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has HmacSHA256.", e);
    }
  }
}
