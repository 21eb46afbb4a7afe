package retl.core.credential;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a validation changed the status of credentials. It may be told more than once, each time the
 * same: the validation's id tells it apart.
 *
 * @param code of the check that failed; null when the credentials are valid now
 */
public record StatusChange(
    String workspace,
    String credentialId,
    String name,
    Credential.Status from,
    Credential.Status to,
    @Nullable String code,
    String validationId,
    Instant at) {

  /** Tells whoever listens outside of the service. */
  @FunctionalInterface
  public interface Announcer {
    void announce(StatusChange change);
  }
}
