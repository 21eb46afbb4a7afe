package retl.aws;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;
import retl.core.Keys;
import retl.core.Rehearsal;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * The deployment's keys, derived by HKDF (RFC 5869) from one secret that the stack generates. They
 * are read when a key is first needed, so that no snapshot of a function holds them.
 *
 * <p>Writing a new version of the secret rotates them: Secrets Manager then labels the new version
 * {@code AWSCURRENT} and the one before {@code AWSPREVIOUS}, and both are valid. Every instance
 * looks again after {@link #LOOK_AGAIN}; until all have, a new version makes nothing, so that no
 * instance meets the work of a key that it does not know.
 */
public final class SecretKeys implements Keys {
  static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

  /** Twice {@link #LOOK_AGAIN}: a look may be under way, and clocks differ. */
  static final Duration UNUSED = LOOK_AGAIN.plus(LOOK_AGAIN);

  private static final int BYTES = 32;

  private final Supplier<SecretsManagerClient> maker;
  private @Nullable SecretsManagerClient client;
  private final String secretId;
  private final Clock clock;
  private final AtomicReference<@Nullable Roots> known = new AtomicReference<>();

  /**
   * Makes them.
   *
   * @param maker is asked for the client when a key is first needed, which most calls never do;
   *     before a snapshot at once, so that no caller waits for it
   */
  public SecretKeys(Supplier<SecretsManagerClient> maker, String secretId, Clock clock) {
    this.maker = maker;
    this.client = Rehearsal.isAhead() ? maker.get() : null;
    this.secretId = secretId;
    this.clock = clock;
  }

  @Override
  public SecretKey key(String purpose, String algorithm) {
    return derive(roots().usable(clock.instant()), purpose, algorithm);
  }

  @Override
  public List<SecretKey> valid(String purpose, String algorithm) {
    return roots().versions.stream().map(root -> derive(root, purpose, algorithm)).toList();
  }

  /**
   * Keys that are none, got as real ones are: each asks for a version of the secret that is never
   * there, and is derived from a text that everybody knows. So a function can rehearse with them
   * and have no key in its snapshot.
   */
  public Keys rehearsal() {
    return (purpose, algorithm) -> {
      version("REHEARSAL");
      return derive(new Root("rehearsal", Instant.EPOCH), purpose, algorithm);
    };
  }

  private static SecretKey derive(Root root, String purpose, String algorithm) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              algorithm,
              HKDFParameterSpec.ofExtract()
                  .addIKM(root.text.getBytes(StandardCharsets.UTF_8))
                  .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform since 25 has HKDF-SHA256.", e);
    }
  }

  private Roots roots() {
    Instant now = clock.instant();
    Roots roots = known.get();
    if (roots == null || !now.isBefore(roots.readAt.plus(LOOK_AGAIN))) {
      roots = read(now);
      known.set(roots);
    }
    return roots;
  }

  private synchronized SecretsManagerClient client() {
    if (client == null) {
      client = maker.get();
    }
    return client;
  }

  private Roots read(Instant now) {
    List<Root> versions = new ArrayList<>();
    versions.add(root(client().getSecretValue(get -> get.secretId(secretId))));
    version("AWSPREVIOUS").ifPresent(versions::add);
    return new Roots(versions, now);
  }

  /** The version that has this label; empty when none has, as before the first rotation. */
  private Optional<Root> version(String label) {
    try {
      return Optional.of(
          root(client().getSecretValue(get -> get.secretId(secretId).versionStage(label))));
    } catch (ResourceNotFoundException e) {
      return Optional.empty();
    }
  }

  private static Root root(GetSecretValueResponse version) {
    return new Root(version.secretString(), version.createdDate());
  }

  /** The versions of the secret as they were read: the current one, then the one before. */
  private record Roots(List<Root> versions, Instant readAt) {

    /** The newest that every instance knows by now. */
    Root usable(Instant now) {
      boolean isKnown = versions.getFirst().madeAt.plus(UNUSED).isBefore(now);
      return isKnown ? versions.getFirst() : versions.getLast();
    }
  }

  /** One version of the secret. */
  private static final class Root {
    private final String text;
    private final Instant madeAt;

    Root(String text, Instant madeAt) {
      this.text = text;
      this.madeAt = madeAt;
    }
  }
}
