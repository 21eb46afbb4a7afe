package retl.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import retl.core.Fields;
import retl.core.Name;

/** What {@code PATCH /models/{id}} makes of a model. */
public record ModelPatch(
    String name, @Nullable String description, @Nullable List<String> primaryKey) {

  public ModelPatch {
    primaryKey = primaryKey == null ? null : List.copyOf(primaryKey);
  }

  /**
   * Reads the body over the model as it stands, or refuses it with every bad field. Null removes a
   * description or a key.
   */
  public static ModelPatch read(Fields fields, Model before) {
    ModelPatch patch =
        new ModelPatch(
            fields.isGiven("name") ? Name.read(fields, "name").text() : before.name(),
            fields.isGiven("description") ? NewModel.description(fields) : before.description(),
            fields.isGiven("primaryKey") ? NewModel.primaryKey(fields) : before.primaryKey());
    fields.end();
    return patch;
  }

  /** The names of the fields that it changes, for the audit; none when it changes nothing. */
  List<String> changes(Model before) {
    List<String> fields = new ArrayList<>();
    if (!name.equals(before.name())) {
      fields.add("name");
    }
    if (!Objects.equals(description, before.description())) {
      fields.add("description");
    }
    if (!Objects.equals(primaryKey, before.primaryKey())) {
      fields.add("primaryKey");
    }
    return fields;
  }
}
