package retl.core.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.TestClock;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

/** Models for tests. */
public final class Samples {
  private static final Instant NOW = TestClock.START.truncatedTo(ChronoUnit.MILLIS);

  private Samples() {}

  /** A new model that nobody has run. */
  public static Model model(String id, String name, String credentialId) {
    return new Model(
        id,
        name,
        "d",
        credentialId,
        Warehouse.POSTGRES,
        "select 1",
        null,
        null,
        null,
        1,
        0,
        NOW,
        "tok_1",
        NOW,
        "tok_1",
        1);
  }

  /** The same model, verified, with these columns and this key. */
  public static Model verified(
      Model model,
      Model.@Nullable Verified verified,
      List<Column> columns,
      @Nullable List<String> primaryKey) {
    return with(
        new Changed(model.name(), primaryKey, columns, verified),
        model,
        model.sourceCount(),
        model.revision(),
        model.version());
  }

  /** The next version of a model, not verified any more. */
  public static Model unverified(Model model) {
    return with(
        new Changed(model.name(), model.primaryKey(), model.columns(), null),
        model,
        model.sourceCount(),
        model.revision(),
        model.version() + 1);
  }

  /** The next version and revision of a model, with another name. */
  public static Model renamed(Model model, String name) {
    return with(
        new Changed(name, model.primaryKey(), model.columns(), model.verified()),
        model,
        model.sourceCount(),
        model.revision() + 1,
        model.version() + 1);
  }

  /** The same model, used by so many sources. */
  public static Model withSources(Model model, int count) {
    return with(
        new Changed(model.name(), model.primaryKey(), model.columns(), model.verified()),
        model,
        count,
        model.revision(),
        model.version());
  }

  /** The next version of a model, with that many sources more. */
  public static Model counted(Model model, int by) {
    return with(
        new Changed(model.name(), model.primaryKey(), model.columns(), model.verified()),
        model,
        model.sourceCount() + by,
        model.revision(),
        model.version() + 1);
  }

  private record Changed(
      String name,
      @Nullable List<String> primaryKey,
      @Nullable List<Column> columns,
      Model.@Nullable Verified verified) {}

  private static Model with(
      Changed changed, Model model, int sourceCount, int revision, long version) {
    return new Model(
        model.id(),
        changed.name,
        model.description(),
        model.credentialId(),
        model.warehouse(),
        model.sql(),
        changed.primaryKey,
        changed.columns,
        changed.verified,
        revision,
        sourceCount,
        model.createdAt(),
        model.createdBy(),
        model.updatedAt(),
        model.updatedBy(),
        version);
  }

  /** A column of this type. */
  public static Column column(String name, Column.Type type) {
    return new Column(name, type, type.wireName(), null);
  }
}
