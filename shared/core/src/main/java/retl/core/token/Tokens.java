package retl.core.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Keys;
import retl.core.Name;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;

/** Issuing tokens, recognising them, and revoking them. */
public final class Tokens {
  /** Who acts when no token does: whoever may invoke the deployment's functions. */
  public static final String OPERATOR = "operator";

  /** A token's use is noted when the last noted one is older than this. */
  static final Duration USE_NOTED_EVERY = Duration.ofMinutes(5);

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

  /** Issues a token for the caller's workspace. This is the one time that it can be shown. */
  public Issued issue(Caller caller, NewToken wanted, Receipt.Writer<Issued> receipts) {
    caller.require(Role.ADMIN);
    Issued issued = make(caller.workspace(), wanted, caller.actor());
    Grant grant = issued.grant();
    Audit audit =
        Audit.of(caller, ids, grant.createdAt(), "token.created", grant.id(), fieldsOf(wanted));
    return switch (store.create(kept(issued), audit, receipts.receiptOf(issued))) {
      case CREATED -> issued;
      case REPEATED -> throw new Refused(new Problem.RequestInProgress());
    };
  }

  /** Makes a workspace with a token for its first admin; for the operator. */
  public Issued open(Name workspaceName, String requestId) {
    Issued first = make(ids.next("wsp"), admin(), OPERATOR);
    store.open(workspaceName.text(), kept(first), byOperator(first, requestId));
    return first;
  }

  /**
   * Issues an admin's token for a workspace that is there, as when all tokens of admins are lost;
   * for the operator. Refuses with {@link Problem.NotFound} when there is no such workspace.
   */
  public Issued readmit(String workspace, String requestId) {
    if (!store.isOpen(workspace)) {
      throw new Refused(new Problem.NotFound("workspace"));
    }
    return issueAsOperator(workspace, admin(), requestId);
  }

  /** Issues a token for a workspace, whether or not it was opened; for the operator. */
  public Token issue(String workspace, Role role, @Nullable Instant expiresAt) {
    NewToken wanted = new NewToken(new Name(role.wireName()), role, expiresAt);
    return issueAsOperator(workspace, wanted, OPERATOR).token();
  }

  private Issued issueAsOperator(String workspace, NewToken wanted, String requestId) {
    Issued issued = make(workspace, wanted, OPERATOR);
    return switch (store.create(kept(issued), byOperator(issued, requestId), null)) {
      case CREATED -> issued;
      case REPEATED -> throw new IllegalStateException("There was no idempotency key.");
    };
  }

  private static NewToken admin() {
    return new NewToken(new Name("Admin"), Role.ADMIN, null);
  }

  private Audit byOperator(Issued issued, String requestId) {
    Grant grant = issued.grant();
    return new Audit(
        ids.next("aud"),
        grant.createdAt(),
        OPERATOR,
        "token.created",
        grant.id(),
        List.of("name", "role"),
        requestId);
  }

  private static List<String> fieldsOf(NewToken wanted) {
    return wanted.expiresAt() == null
        ? List.of("name", "role")
        : List.of("name", "role", "expiresAt");
  }

  private Issued make(String workspace, NewToken wanted, String issuer) {
    Token token =
        Token.random(
            ids.next(Grant.ID_TYPE).substring(Grant.ID_TYPE.length() + 1), new SecureRandom());
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Issued(
        new Grant(
            token.id(),
            workspace,
            wanted.name().text(),
            wanted.role(),
            now,
            issuer,
            wanted.expiresAt(),
            null),
        token);
  }

  private TokenStore.Kept kept(Issued issued) {
    return new TokenStore.Kept(issued.grant(), hash(keys.key("token", MAC), issued.token()));
  }

  /** The tokens of the caller's workspace, the oldest first; for admins. */
  public Page<Grant> list(Caller caller, Page.Request page) {
    caller.require(Role.ADMIN);
    return store.list(caller, page);
  }

  /** Revokes a token of the caller's workspace, also the caller's own. */
  public void revoke(Caller caller, String id, IfMatch ifMatch) {
    caller.require(Role.ADMIN);
    String tokenId = tokenIdOf(caller, id);
    ifMatch.check(Grant.VERSION);
    Audit audit = Audit.of(caller, ids, clock.instant(), "token.revoked", id, List.of());
    if (!store.delete(caller, tokenId, audit)) {
      throw notFound();
    }
  }

  private String tokenIdOf(Caller caller, String id) {
    if (!Ids.isId(id, Grant.ID_TYPE)) {
      throw notFound();
    }
    return store
        .find(id.substring(Grant.ID_TYPE.length() + 1))
        .map(TokenStore.Kept::grant)
        .filter(grant -> grant.workspace().equals(caller.workspace()))
        .orElseThrow(Tokens::notFound)
        .tokenId();
  }

  private static Refused notFound() {
    return new Refused(new Problem.NotFound("token"));
  }

  /**
   * Whom an {@code Authorization} header speaks for; empty when it speaks for nobody. Malformed,
   * unknown, expired and revoked tokens are not told apart.
   */
  public Optional<Grant> authenticate(String authorization) {
    return bearer(authorization).flatMap(Token::parse).flatMap(this::recognize);
  }

  /**
   * What stands behind {@code Bearer} in an {@code Authorization} header; empty for another scheme.
   * The scheme's name is in any case, and one or more spaces follow it (RFC 9110).
   */
  public static Optional<String> bearer(String authorization) {
    return authorization.regionMatches(true, 0, "Bearer ", 0, 7)
        ? Optional.of(authorization.substring(7).strip())
        : Optional.empty();
  }

  private Optional<Grant> recognize(Token token) {
    TokenStore.Kept kept = store.find(token.id()).orElse(null);
    // A token that nobody knows is hashed all the same, so that time tells as little as the answer.
    List<String> hashes = hashes(token);
    if (kept == null || !isAmong(hashes, kept.hash())) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (kept.grant().isExpired(now)) {
      return Optional.empty();
    }
    noteUse(kept, hashes.getFirst(), now);
    return Optional.of(kept.grant());
  }

  private List<String> hashes(Token token) {
    List<String> hashes = new ArrayList<>();
    hashes.add(hash(keys.key("token", MAC), token));
    keys.valid("token", MAC).forEach(key -> hashes.add(hash(key, token)));
    return hashes;
  }

  // In constant time: which of the hashes it is, and how much of it matches, takes no part.
  private static boolean isAmong(List<String> hashes, String hash) {
    byte[] kept = hash.getBytes(StandardCharsets.US_ASCII);
    boolean found = false;
    for (String each : hashes) {
      found |= MessageDigest.isEqual(kept, each.getBytes(StandardCharsets.US_ASCII));
    }
    return found;
  }

  // A token that is used moves on to the newest key, so that only unused ones end with an old key.
  private void noteUse(TokenStore.Kept kept, String newestHash, Instant now) {
    Instant last = kept.grant().lastUsedAt();
    boolean isDue = last == null || !now.isBefore(last.plus(USE_NOTED_EVERY));
    if (isDue || !newestHash.equals(kept.hash())) {
      store.noteUse(kept, newestHash, now.truncatedTo(ChronoUnit.MILLIS));
    }
  }

  private static String hash(SecretKey key, Token token) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      byte[] hash = mac.doFinal(token.reveal().getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has HmacSHA256.", e);
    }
  }

  /**
   * A new token and what it is good for.
   *
   * @param token to be shown once and never kept
   */
  public record Issued(Grant grant, Token token) {}
}
