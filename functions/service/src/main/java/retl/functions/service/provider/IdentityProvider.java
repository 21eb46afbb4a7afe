package retl.functions.service.provider;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import retl.aws.Environment;
import retl.core.Role;

/**
 * Recognises the tokens that one identity provider has signed: OpenID Connect's ID tokens and
 * access tokens in the form of JWTs. What is taken is a short list, after RFC 8725: two signatures,
 * keys that the provider itself publishes, one issuer, one audience, and claims that say workspace
 * and role; anything else is nobody's, without saying why.
 */
public final class IdentityProvider {
  /** How far the provider's clock may be from ours. */
  static final Duration LEEWAY = Duration.ofMinutes(1);

  /** All headers of a request together have at most 10,240 bytes behind API Gateway. */
  private static final int MAX_LENGTH = 10_240;

  private static final int MAX_KEY_ID = 256;

  /** OpenID Connect Core 1.0, section 2: {@code sub} has at most 255 characters. */
  private static final int MAX_SUBJECT = 255;

  /** RFC 9068 names the second one; the types of logout tokens and the like are none of these. */
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  /** Whoever says one of these in a header wants the rest to be read in another way than it is. */
  private static final List<String> OTHER_WAYS = List.of("crit", "cty", "b64", "enc", "zip");

  /** The year 5138, in seconds. */
  private static final BigDecimal LATEST = BigDecimal.TEN.pow(11);

  private final ProviderSettings settings;
  private final IssuerKeys keys;
  private final Predicate<String> isWorkspace;
  private final Clock clock;

  IdentityProvider(
      ProviderSettings settings, IssuerKeys keys, Predicate<String> isWorkspace, Clock clock) {
    this.settings = settings;
    this.keys = keys;
    this.isWorkspace = isWorkspace;
    this.clock = clock;
  }

  /**
   * The configured provider; empty when none is.
   *
   * @param isWorkspace whether there is a workspace of this id
   * @throws IllegalStateException naming the variable that is not as it must be
   */
  public static Optional<IdentityProvider> of(
      Environment environment, Predicate<String> isWorkspace, Clock clock) {
    return ProviderSettings.read(environment)
        .map(
            settings ->
                new IdentityProvider(
                    settings,
                    new IssuerKeys(new IssuerDocuments(settings.issuer()), clock),
                    isWorkspace,
                    clock));
  }

  /**
   * Whom a token speaks for; empty when it speaks for nobody.
   *
   * @param faults is told when the provider's keys cannot be read
   * @throws IllegalStateException when there are no keys to judge the token by
   */
  public Optional<Identity> authenticate(String token, Consumer<IOException> faults) {
    return token.length() > MAX_LENGTH
        ? Optional.empty()
        : Jwt.parse(token)
            .filter(jwt -> isAcceptable(jwt) && isForUs(jwt) && isSigned(jwt, faults))
            .flatMap(this::identity);
  }

  /**
   * Judges a token of each algorithm that nobody signed, by keys that nobody has: all that a real
   * one takes but the way to the provider, which would leave something of a connection behind.
   */
  public void rehearse() {
    IssuerKeys nobodys = new IssuerKeys(() -> PublishedKey.readAll(NobodysTokens.KEYS), clock);
    IdentityProvider rehearsed = new IdentityProvider(settings, nobodys, isWorkspace, clock);
    for (Algorithm algorithm : Algorithm.values()) {
      rehearsed.authenticate(
          NobodysTokens.token(algorithm, settings, clock.instant()), fault -> {});
    }
  }

  private static boolean isAcceptable(Jwt jwt) {
    return OTHER_WAYS.stream().noneMatch(jwt::hasHeader)
        && (!jwt.hasHeader("typ")
            || (jwt.header("typ") instanceof String type
                && TYPES.contains(type.toLowerCase(Locale.ROOT))));
  }

  private boolean isForUs(Jwt jwt) {
    Instant now = clock.instant();
    return settings.issuer().toString().equals(jwt.claim("iss"))
        && texts(jwt.claim("aud")).contains(settings.audience())
        && time(jwt.claim("exp")).filter(end -> now.isBefore(end.plus(LEEWAY))).isPresent()
        && isAbsentOrPast(jwt, "nbf", now)
        && isAbsentOrPast(jwt, "iat", now)
        && jwt.claim("sub") instanceof String subject
        && !subject.isBlank()
        && subject.length() <= MAX_SUBJECT;
  }

  private static boolean isAbsentOrPast(Jwt jwt, String claim, Instant now) {
    return !jwt.hasClaim(claim)
        || time(jwt.claim(claim)).filter(time -> !time.isAfter(now.plus(LEEWAY))).isPresent();
  }

  /** The time of a claim in seconds since 1970; empty when it is none. */
  private static Optional<Instant> time(@Nullable Object claim) {
    BigDecimal seconds =
        switch (claim) {
          case Long whole -> BigDecimal.valueOf(whole);
          case BigDecimal any -> any;
          case null, default -> BigDecimal.ONE.negate();
        };
    return seconds.signum() < 0 || seconds.compareTo(LATEST) > 0
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(seconds.longValue()));
  }

  // Keys that a header brings or points to (jwk, jku, x5c, x5u) are not even looked at.
  private boolean isSigned(Jwt jwt, Consumer<IOException> faults) {
    Optional<Algorithm> algorithm = Optional.ofNullable(jwt.header("alg")).flatMap(Algorithm::of);
    return algorithm.isPresent()
        && jwt.header("kid") instanceof String id
        && id.length() <= MAX_KEY_ID
        && keys.find(id, algorithm.get(), faults)
            .filter(key -> jwt.isSignedBy(key, algorithm.get()))
            .isPresent();
  }

  private Optional<Identity> identity(Jwt jwt) {
    List<String> workspaces =
        texts(jwt.claim(settings.workspaceClaim())).stream()
            .flatMap(value -> workspace(value).stream())
            .distinct()
            .toList();
    Optional<Role> role =
        texts(jwt.claim(settings.roleClaim())).stream()
            .flatMap(value -> Optional.ofNullable(settings.roles().get(value)).stream())
            .max(Role::compareTo);
    // Of two workspaces neither can be meant.
    return workspaces.size() == 1 && role.isPresent() && isWorkspace.test(workspaces.getFirst())
        ? Optional.of(new Identity(workspaces.getFirst(), actor(jwt.claim("sub")), role.get()))
        : Optional.empty();
  }

  private Optional<String> workspace(String value) {
    return settings.workspaces().isEmpty()
        ? ProviderSettings.workspace(value)
        : Optional.ofNullable(settings.workspaces().get(value));
  }

  /** The texts of a claim that is a text or a list; of one that is anything else, none. */
  private static List<String> texts(@Nullable Object claim) {
    return switch (claim) {
      case String text -> List.of(text);
      case List<?> list ->
          list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      case null, default -> List.of();
    };
  }

  // The same person always has the same one, of one length, and it tells neither name nor address.
  private String actor(@Nullable Object subject) {
    String text = settings.issuer() + "\n" + subject;
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "jwt_" + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
