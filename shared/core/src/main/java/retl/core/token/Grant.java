package retl.core.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import retl.core.Role;

/**
 * What a token is good for. Nothing here tells the token.
 *
 * @param tokenId {@link Token#id}; the resource's id is {@link #id}
 * @param createdBy who issued it: the id of a token, or {@link Tokens#OPERATOR}
 * @param expiresAt from when on it is good for nothing; null when it does not expire
 * @param lastUsedAt up to five minutes before its last use; null when it was never used
 */
public record Grant(
    String tokenId,
    String workspace,
    String name,
    Role role,
    Instant createdAt,
    String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {
  /** What ids of tokens begin with in the API. */
  public static final String ID_TYPE = "tok";

  /** A token never changes, so this is the version of each; its last use is no part of it. */
  public static final long VERSION = 1;

  /** The id in the API, and what {@code createdBy} and the audit say of its owner. */
  public String id() {
    return ID_TYPE + "_" + tokenId;
  }

  /** True when it is good for nothing any more. */
  public boolean isExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }
}
