package retl.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.Fields;
import retl.core.Name;

/**
 * What {@code PATCH /models/{id}} makes of a model.
 *
 * @param keyIsGiven whether the caller chose the key, rather than leaving it as it is
 * @param previewId the preview that shall verify it; null when none was named
 * @param acceptImpact whether the change may break what uses the model
 */
public record ModelPatch(
    String name,
    @Nullable String description,
    String credentialId,
    String sql,
    @Nullable List<String> primaryKey,
    boolean keyIsGiven,
    @Nullable String previewId,
    boolean acceptImpact) {

  public ModelPatch {
    primaryKey = primaryKey == null ? null : List.copyOf(primaryKey);
  }

  /**
   * Reads the body over the model as it stands, or refuses it with every bad field. Null removes a
   * description or a key.
   */
  public static ModelPatch read(Fields fields, Model before) {
    boolean keyIsGiven = fields.isGiven("primaryKey");
    ModelPatch patch =
        new ModelPatch(
            fields.isGiven("name") ? Name.read(fields, "name").text() : before.name(),
            fields.isGiven("description") ? NewModel.description(fields) : before.description(),
            fields.isGiven("credentialId")
                ? fields.text("credentialId", NewModel.MAX_ID)
                : before.credentialId(),
            fields.isGiven("sql") ? fields.text("sql", Integer.MAX_VALUE) : before.sql(),
            keyIsGiven ? NewModel.primaryKey(fields) : before.primaryKey(),
            keyIsGiven,
            fields.optionalText("previewId", NewModel.MAX_ID),
            fields.flag("acceptImpact", false));
    fields.end();
    return patch;
  }

  /** True when it asks for the query that the model has, on the credentials that it has. */
  boolean keepsQuery(Model before) {
    return sql.equals(before.sql()) && credentialId.equals(before.credentialId());
  }
}
