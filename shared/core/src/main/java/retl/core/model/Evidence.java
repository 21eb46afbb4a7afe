package retl.core.model;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import retl.core.FieldError;
import retl.core.FieldError.Code;
import retl.core.credential.Credential;
import retl.core.preview.Preview;
import retl.core.preview.PreviewStore;
import retl.core.warehouse.Column;

/**
 * Finds what shows that a query works: a preview of exactly its text on exactly its credentials.
 */
final class Evidence {
  private final PreviewStore previews;
  private final Clock clock;

  Evidence(PreviewStore previews, Clock clock) {
    this.previews = previews;
    this.clock = clock;
  }

  /**
   * What the preview shows; empty, with the error noted, when it does not show that.
   *
   * @param credential empty when there are none, which is an error of its own
   */
  Optional<Shown> of(
      String workspace,
      String previewId,
      String sql,
      Optional<Credential> credential,
      List<FieldError> errors) {
    Optional<Preview> preview =
        previews
            .find(workspace, previewId)
            // A check of a key knows the columns of that key alone.
            .filter(found -> found.wanted() instanceof Preview.Wanted.Rows);
    if (preview.isEmpty()) {
      errors.add(
          new FieldError(
              "previewId",
              Code.NOT_FOUND,
              "There is no such preview, or it has expired: run the query again."));
      return Optional.empty();
    }
    if (credential.isEmpty()) {
      return Optional.empty();
    }
    Optional<Shown> shown = shown(preview.get(), sql, credential.get());
    if (shown.isEmpty()) {
      errors.add(doesNotMatch());
    }
    return shown;
  }

  /** That a preview is not of this query on these credentials as they are. */
  static FieldError doesNotMatch() {
    return new FieldError(
        "previewId",
        Code.DOES_NOT_MATCH,
        "It must be a completed preview, not 15 minutes old, of exactly this query on these"
            + " credentials as they are.");
  }

  private Optional<Shown> shown(Preview preview, String sql, Credential credential) {
    Instant now = clock.instant();
    Preview.Result result = preview.result();
    boolean isOfThis =
        !preview.isExpired(now)
            && preview.status() == Preview.Status.COMPLETED
            && preview.sql().equals(sql)
            && preview.credentialId().equals(credential.id())
            && preview.targetVersion() == credential.targetVersion();
    return isOfThis && result != null
        ? Optional.of(
            new Shown(
                new Model.Verified(
                    preview.id(), now.truncatedTo(ChronoUnit.MILLIS), credential.targetVersion()),
                result.columns()))
        : Optional.empty();
  }

  /** That a query works, and the columns that it gives. */
  record Shown(Model.Verified verified, List<Column> columns) {
    Shown {
      columns = List.copyOf(columns);
    }
  }
}
