package retl.core.token;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Role;

/** Keeps what is known of tokens. */
public interface TokenStore {

  /** What is known of the token of this id; empty when there is none or it was revoked. */
  Optional<Grant> find(String tokenId);

  /** Keeps a new token's grant; it replaces an older one of the same id. */
  void put(Grant grant);

  /**
   * What a token is good for.
   *
   * @param hash the keyed hash of its secret, as {@link Tokens} makes it
   * @param expiresAt null when it does not expire
   */
  record Grant(
      String tokenId, String workspace, Role role, String hash, @Nullable Instant expiresAt) {}
}
