package retl.core.token;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;

/** Keeps what is known of tokens; never a token. */
public interface TokenStore {

  /** What is known of the token of this id; empty when there is none or it was revoked. */
  Optional<Kept> find(String tokenId);

  /**
   * Notes that a token was used and with which hash it is to be known from now on, unless it was
   * revoked meanwhile.
   */
  void noteUse(Kept seen, String hash, Instant at);

  /** Keeps a new token with its audit and receipt: all, or nothing. */
  Created create(Kept kept, Audit audit, @Nullable Receipt receipt);

  /** Makes a workspace and keeps its first token, with the audit: all, or nothing. */
  void open(String workspaceName, Kept first, Audit audit);

  /** True when the operator made a workspace of this id. */
  boolean isOpen(String workspace);

  /** The tokens of the caller's workspace, the oldest first. */
  Page<Grant> list(Caller caller, Page.Request page);

  /** Forgets a token of the caller's workspace; false when there is none of this id. */
  boolean delete(Caller caller, String tokenId, Audit audit);

  /**
   * A token's grant and how the token is known.
   *
   * @param hash the keyed hash of its secret, as {@link Tokens} makes it
   */
  record Kept(Grant grant, String hash) {}

  /** How {@link #create} ended. */
  enum Created {
    CREATED,
    /** The idempotency key is known already. */
    REPEATED
  }
}
