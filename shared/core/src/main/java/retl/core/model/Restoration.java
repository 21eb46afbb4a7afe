package retl.core.model;

import org.jspecify.annotations.Nullable;
import retl.core.Fields;

/**
 * What {@code POST /models/{id}/revisions/{n}/restore} asks for beside the revision.
 *
 * @param previewId the preview that shall verify its query; null when none was named
 * @param acceptImpact whether it may break what uses the model
 */
public record Restoration(@Nullable String previewId, boolean acceptImpact) {

  /** Reads the body, or refuses it with every bad field. */
  public static Restoration read(Fields fields) {
    Restoration wanted =
        new Restoration(
            fields.optionalText("previewId", NewModel.MAX_ID), fields.flag("acceptImpact", false));
    fields.end();
    return wanted;
  }

  /** The change that makes this revision current again. */
  ModelPatch patch(Revision revision) {
    return new ModelPatch(
        revision.name(),
        revision.description(),
        revision.credentialId(),
        revision.sql(),
        revision.primaryKey(),
        true,
        previewId,
        acceptImpact);
  }
}
