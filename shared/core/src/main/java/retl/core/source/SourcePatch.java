package retl.core.source;

import java.util.ArrayList;
import java.util.List;
import retl.core.FieldError.Code;
import retl.core.Fields;
import retl.core.Name;

/** What {@code PATCH /sources/{id}} makes of a source. */
public record SourcePatch(String name, String modelId, boolean enabled) {

  /** Reads the body over the source as it stands, or refuses it with every bad field. */
  public static SourcePatch read(Fields fields, Source before) {
    String name = fields.isGiven("name") ? Name.read(fields, "name").text() : before.name();
    String modelId =
        fields.isGiven("modelId") ? fields.text("modelId", NewSource.MAX_ID) : before.modelId();
    boolean enabled = fields.flag("enabled", before.enabled());
    if (fields.isGiven("enabled") && !fields.has("enabled")) {
      fields.bad("enabled", Code.MISSING, "Say true or false, or leave it out.");
    }
    fields.end();
    return new SourcePatch(name, modelId, enabled);
  }

  /** The names of the fields that it changes, for the audit; none when it changes nothing. */
  List<String> changes(Source before) {
    List<String> fields = new ArrayList<>();
    if (!name.equals(before.name())) {
      fields.add("name");
    }
    if (!modelId.equals(before.modelId())) {
      fields.add("modelId");
    }
    if (enabled != before.enabled()) {
      fields.add("enabled");
    }
    return fields;
  }
}
