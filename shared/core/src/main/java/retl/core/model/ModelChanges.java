package retl.core.model;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.FieldError;
import retl.core.FieldError.Code;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.Role;

/** Changing and deleting models. */
public final class ModelChanges {
  private static final int NAMED_SOURCES = 10;

  private final ModelStore store;
  private final SourceUses sources;
  private final Ids ids;
  private final Clock clock;

  public ModelChanges(ModelStore store, SourceUses sources, Ids ids, Clock clock) {
    this.store = store;
    this.sources = sources;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Changes a model. A new name frees the old one at once. What changes nothing is not written.
   *
   * @param patch makes the change out of the model as it stands; asked again when others changed it
   *     meanwhile
   */
  public Model update(
      Caller caller, String id, IfMatch ifMatch, Function<Model, ModelPatch> patch) {
    caller.require(Role.EDITOR);
    return store.onNewest(
        caller.workspace(),
        id,
        before -> {
          ifMatch.check(before.version());
          ModelPatch change = patch.apply(before);
          List<String> fields = change.changes(before);
          return fields.isEmpty()
              ? Optional.of(before)
              : write(caller, before, after(caller, before, change), fields);
        });
  }

  private Model after(Caller caller, Model before, ModelPatch change) {
    checkKey(before, change);
    return new Model(
        before.id(),
        change.name(),
        change.description(),
        before.credentialId(),
        before.warehouse(),
        before.sql(),
        change.primaryKey(),
        before.columns(),
        before.verified(),
        before.revision() + 1,
        before.sourceCount(),
        before.createdAt(),
        before.createdBy(),
        now(),
        caller.actor(),
        before.version() + 1);
  }

  private static void checkKey(Model before, ModelPatch change) {
    List<String> key = change.primaryKey();
    if (key == null || key.equals(before.primaryKey())) {
      return;
    }
    List<FieldError> errors = new ArrayList<>();
    if (before.verified() == null) {
      errors.add(
          new FieldError(
              "primaryKey",
              Code.NOT_VERIFIED,
              "Run the query first and send the previewId: the key is chosen from its columns."));
    } else {
      KeyColumns.check(key, before.columns(), errors);
    }
    if (!errors.isEmpty()) {
      throw new Refused(new Problem.InvalidRequest(errors));
    }
  }

  private Optional<Model> write(Caller caller, Model before, Model after, List<String> fields) {
    Audit audit = Audit.of(caller, ids, after.updatedAt(), "model.updated", after.id(), fields);
    return switch (store.update(caller, new ModelStore.Change(before, after), audit)) {
      case WRITTEN -> Optional.of(after);
      case VERSION_CONFLICT -> Optional.empty();
      case NAME_TAKEN -> throw new Refused(new Problem.NameTaken("model", after.name()));
    };
  }

  /** Deletes a model that no source uses. Its name is free at once. */
  public void delete(Caller caller, String id, IfMatch ifMatch) {
    caller.require(Role.EDITOR);
    store.onNewest(
        caller.workspace(),
        id,
        model -> {
          ifMatch.check(model.version());
          Audit audit = Audit.of(caller, ids, now(), "model.deleted", id, List.of());
          return switch (store.delete(caller, model, audit)) {
            case DELETED -> Optional.of(model);
            case VERSION_CONFLICT -> Optional.empty();
            case IN_USE ->
                throw new Refused(
                    new Problem.ModelInUse(sources.of(caller.workspace(), id, NAMED_SOURCES)));
          };
        });
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
