package retl.core.model;

import java.util.ArrayList;
import java.util.List;
import retl.core.Caller;
import retl.core.FieldError;
import retl.core.FieldError.Code;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;
import retl.core.preview.Preview;
import retl.core.preview.Previews;

/**
 * Checking whether columns are a key of a model, before they are chosen as its primary key. A check
 * is a preview whose rows are the keys that stand in several rows.
 */
public final class KeyChecks {
  private final ModelStore models;
  private final Previews previews;

  public KeyChecks(ModelStore models, Previews previews) {
    this.models = models;
    this.previews = previews;
  }

  /**
   * Starts a check of columns of a verified model, with its query and credentials as they are now.
   * It goes on when this returns.
   */
  public Preview submit(
      Caller caller, String modelId, NewKeyCheck wanted, Receipt.Writer<Preview> receipts) {
    caller.require(Role.EDITOR);
    Model model =
        models
            .find(caller.workspace(), modelId)
            .orElseThrow(() -> new Refused(new Problem.NotFound("model")));
    refuseOtherColumns(model, wanted);
    return previews.submit(
        caller,
        new Previews.SavedQuery(model.credentialId(), model.sql()),
        new Preview.Wanted.Key(model.id(), model.revision(), wanted.columns()),
        receipts);
  }

  private static void refuseOtherColumns(Model model, NewKeyCheck wanted) {
    List<FieldError> errors = new ArrayList<>();
    if (model.verified() == null) {
      errors.add(
          new FieldError(
              NewKeyCheck.COLUMNS,
              Code.NOT_VERIFIED,
              "Nobody has run this query on these credentials: run it and save the previewId first,"
                  + " then its columns are known."));
    } else {
      KeyColumns.check(NewKeyCheck.COLUMNS, wanted.columns(), model.columns(), errors);
    }
    if (!errors.isEmpty()) {
      throw new Refused(new Problem.InvalidRequest(errors));
    }
  }

  /** The check of this model as it is now, or {@link Problem.NotFound}. */
  public Preview get(Caller caller, String modelId, String id) {
    return previews.getKeyCheck(caller, modelId, id);
  }

  /** The keys of a completed check that stand in several rows, those of the most rows first. */
  public List<String> duplicates(Caller caller, Preview check) {
    return previews.rows(caller, check, 0, Preview.Wanted.Key.MAX_DUPLICATES);
  }
}
