package retl.aws.faults;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.ModelUses;
import retl.core.credential.SecretStore;
import retl.core.credential.Unfinished;
import retl.core.model.Model;
import retl.core.model.ModelStore;
import retl.core.model.Revision;
import retl.core.source.Source;
import retl.core.source.SourceStore;
import retl.core.validation.ValidationStore;

/** The stores that a plan runs on, and a look at everything in them. */
interface World {
  CredentialStore credentials();

  SecretStore secrets();

  Unfinished.Store notes();

  ModelUses uses();

  ValidationStore validations();

  ModelStore models();

  SourceStore sources();

  /** Everything that is stored. */
  State state();

  /**
   * What is stored.
   *
   * @param secrets the secrets that can be read, by their path
   * @param rows the visible rows
   * @param pendingRows how many rows are not visible
   * @param names workspace and folded name, with the id they belong to
   * @param text every item that is no secret, as text
   */
  record State(
      Map<String, Map<String, String>> secrets,
      List<Row> rows,
      int pendingRows,
      Map<String, String> names,
      List<AuditRow> audits,
      ModelState models,
      SourceState sources,
      String text) {}

  record Row(String workspace, Credential credential, int modelCount) {}

  record AuditRow(
      String workspace,
      Instant at,
      String action,
      String resource,
      List<String> fields,
      String requestId) {}

  record ModelRow(String workspace, Model model) {
    String key() {
      return workspace + "/" + model.id();
    }
  }

  /**
   * What is stored of models.
   *
   * @param names workspace and folded name, with the id they belong to
   * @param revisions of each model by workspace and id, oldest first; also of deleted ones
   */
  record ModelState(
      List<ModelRow> rows, Map<String, String> names, Map<String, List<Revision>> revisions) {}

  record SourceRow(String workspace, Source source) {
    String key() {
      return workspace + "/" + source.id();
    }

    /** The workspace and id of the model that it uses. */
    String modelKey() {
      return workspace + "/" + source.modelId();
    }
  }

  /**
   * What is stored of sources.
   *
   * @param names workspace and folded name, with the id they belong to
   * @param listed workspace, model and folded name, with the id that is listed there
   */
  record SourceState(List<SourceRow> rows, Map<String, String> names, Map<String, String> listed) {}

  /** Time that goes on by a millisecond whenever anybody looks. */
  final class Ticking extends java.time.Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void advance(java.time.Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      now = now.plusMillis(1);
      return now;
    }

    @Override
    public java.time.ZoneId getZone() {
      return java.time.ZoneOffset.UTC;
    }

    @Override
    public java.time.Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  /** Makes a world whose calls go through these steps. */
  @FunctionalInterface
  interface Maker {
    World make(Failpoints failpoints, Ticking clock);
  }
}
