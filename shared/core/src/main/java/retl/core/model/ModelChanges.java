package retl.core.model;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Impact;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.Role;

/** Changing and deleting models. */
public final class ModelChanges {
  private static final int NAMED_SOURCES = 10;

  private final ModelStore store;
  private final Drafts drafts;
  private final Impacts impacts;
  private final SourceUses sources;
  private final Ids ids;
  private final Clock clock;

  /**
   * @param drafts judges what models are to become
   * @param mappings what counts as broken when its column goes
   * @param sources what keeps a model from being deleted
   */
  public ModelChanges(
      ModelStore store,
      Drafts drafts,
      Mappings mappings,
      SourceUses sources,
      Ids ids,
      Clock clock) {
    this.store = store;
    this.drafts = drafts;
    this.impacts = new Impacts(mappings);
    this.sources = sources;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Changes a model. A new name frees the old one at once. With another query or other credentials
   * the model is unverified, unless a preview of just these verifies it. What changes nothing is
   * not written.
   *
   * @param patch makes the change out of the model as it stands; asked again when others changed it
   *     meanwhile
   */
  public Updated update(
      Caller caller, String id, IfMatch ifMatch, Function<Model, ModelPatch> patch) {
    caller.require(Role.EDITOR);
    return store.onNewest(
        caller.workspace(),
        id,
        before -> {
          ifMatch.check(before.version());
          ModelPatch change = patch.apply(before);
          Plan plan = plan(caller, before, change);
          return plan.fields.isEmpty()
              ? Optional.of(new Updated(before, plan.impact))
              : write(caller, before, plan, change.acceptImpact());
        });
  }

  /** What {@link #update} would do to those who use the model; nothing is written. */
  public Impact impact(
      Caller caller, String id, IfMatch ifMatch, Function<Model, ModelPatch> patch) {
    caller.require(Role.EDITOR);
    return store.onNewest(
        caller.workspace(),
        id,
        before -> {
          ifMatch.check(before.version());
          return Optional.of(plan(caller, before, patch.apply(before)).impact);
        });
  }

  private Plan plan(Caller caller, Model before, ModelPatch change) {
    Drafts.Draft draft = drafts.changed(caller.workspace(), before, change);
    Model after = after(caller, before, change, draft, change.primaryKey());
    Impact impact = impacts.of(caller.workspace(), before, after, change.keyIsGiven());
    if (losesKey(impact)) {
      after = after(caller, before, change, draft, null);
    }
    List<String> fields = changedFields(before, after);
    boolean isRevision = !fields.isEmpty() && !isSameConfiguration(before, after);
    return new Plan(after.atRevision(before.revision() + (isRevision ? 1 : 0)), fields, impact);
  }

  // A key that names no column any more is no key.
  private static boolean losesKey(Impact impact) {
    return impact.brokenMappings().stream()
        .anyMatch(
            broken ->
                broken.connectionId() == null && !broken.reason().equals("column_type_changed"));
  }

  private Model after(
      Caller caller,
      Model before,
      ModelPatch change,
      Drafts.Draft draft,
      @Nullable List<String> primaryKey) {
    return new Model(
        before.id(),
        change.name(),
        change.description(),
        change.credentialId(),
        draft.warehouse(),
        change.sql(),
        primaryKey,
        draft.shown() == null ? before.columns() : draft.shown().columns(),
        draft.shown() == null ? null : draft.shown().verified(),
        before.revision(),
        before.sourceCount(),
        before.createdAt(),
        before.createdBy(),
        now(),
        caller.actor(),
        before.version() + 1);
  }

  private static List<String> changedFields(Model before, Model after) {
    List<String> fields = new ArrayList<>();
    note(fields, "name", before.name(), after.name());
    note(fields, "description", before.description(), after.description());
    note(fields, "credentialId", before.credentialId(), after.credentialId());
    note(fields, "sql", before.sql(), after.sql());
    note(fields, "primaryKey", before.primaryKey(), after.primaryKey());
    if (after.verified() != null) {
      note(fields, "previewId", before.verified(), after.verified());
    }
    return fields;
  }

  private static void note(
      List<String> fields, String field, @Nullable Object before, @Nullable Object after) {
    if (!Objects.equals(before, after)) {
      fields.add(field);
    }
  }

  // Who runs the same query again and finds the same columns has not made another configuration.
  private static boolean isSameConfiguration(Model before, Model after) {
    List<String> fields = changedFields(before, after);
    fields.remove("previewId");
    return fields.isEmpty()
        && (before.verified() == null) == (after.verified() == null)
        && Objects.equals(before.columns(), after.columns());
  }

  private Optional<Updated> write(Caller caller, Model before, Plan plan, boolean accepted) {
    if (plan.impact.isBreaking() && !accepted) {
      throw new Refused(new Problem.BreakingChange(plan.impact));
    }
    Model after = plan.after;
    Audit audit =
        Audit.of(caller, ids, after.updatedAt(), "model.updated", after.id(), plan.fields);
    return switch (store.update(caller, new ModelStore.Change(before, after), audit)) {
      case WRITTEN -> Optional.of(new Updated(after, plan.impact));
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

  /** A model after a change, and what the change does to those who use it. */
  public record Updated(Model model, Impact impact) {}

  /** A change that is about to be written, with the names of its fields. */
  private record Plan(Model after, List<String> fields, Impact impact) {}
}
