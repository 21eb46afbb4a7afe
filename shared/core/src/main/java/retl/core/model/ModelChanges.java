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
import retl.core.Receipt;
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
    return change(
        caller,
        id,
        ifMatch,
        before -> new Wanted(patch.apply(before), null),
        Receipt.Writer.none());
  }

  /**
   * Makes a revision current again, as a new revision and by the rules of every change. What showed
   * that its query works still does, unless its credentials lead elsewhere by now.
   */
  public Updated restore(
      Caller caller,
      String id,
      int number,
      IfMatch ifMatch,
      Restoration wanted,
      Receipt.Writer<Updated> receipts) {
    return change(caller, id, ifMatch, restoring(caller, number, wanted), receipts);
  }

  private Function<Model, Wanted> restoring(Caller caller, int number, Restoration wanted) {
    return before -> {
      Revision revision =
          store
              .revision(caller.workspace(), before.id(), number)
              .orElseThrow(() -> new Refused(new Problem.NotFound("revision")));
      return new Wanted(wanted.patch(revision), revision);
    };
  }

  private Updated change(
      Caller caller,
      String id,
      IfMatch ifMatch,
      Function<Model, Wanted> wanted,
      Receipt.Writer<Updated> receipts) {
    caller.require(Role.EDITOR);
    return store.onNewest(
        caller.workspace(),
        id,
        before -> {
          ifMatch.check(before.version());
          Plan plan = plan(caller, before, wanted.apply(before));
          return plan.fields.isEmpty()
              ? Optional.of(new Updated(before, plan.impact))
              : write(caller, before, plan, receipts);
        });
  }

  /** What {@link #update} would do to those who use the model; nothing is written. */
  public Impact impact(
      Caller caller, String id, IfMatch ifMatch, Function<Model, ModelPatch> patch) {
    return impactOf(caller, id, ifMatch, before -> new Wanted(patch.apply(before), null));
  }

  /** What {@link #restore} would do to those who use the model; nothing is written. */
  public Impact impactOfRestoring(
      Caller caller, String id, int number, IfMatch ifMatch, Restoration wanted) {
    return impactOf(caller, id, ifMatch, restoring(caller, number, wanted));
  }

  private Impact impactOf(
      Caller caller, String id, IfMatch ifMatch, Function<Model, Wanted> wanted) {
    caller.require(Role.EDITOR);
    return store.onNewest(
        caller.workspace(),
        id,
        before -> {
          ifMatch.check(before.version());
          return Optional.of(plan(caller, before, wanted.apply(before)).impact);
        });
  }

  private Plan plan(Caller caller, Model before, Wanted wanted) {
    ModelPatch change = wanted.patch;
    Drafts.Draft draft = drafts.changed(caller.workspace(), before, change, wanted.restored);
    Model after = after(caller, before, change, draft, change.primaryKey());
    Impact impact = impacts.of(caller.workspace(), before, after, change.keyIsGiven());
    if (losesKey(impact)) {
      after = after(caller, before, change, draft, null);
    }
    List<String> fields = changedFields(before, after);
    boolean isRevision = !fields.isEmpty() && !isSameConfiguration(before, after);
    return new Plan(
        after.atRevision(before.revision() + (isRevision ? 1 : 0)), fields, impact, wanted);
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

  private Optional<Updated> write(
      Caller caller, Model before, Plan plan, Receipt.Writer<Updated> receipts) {
    if (plan.impact.isBreaking() && !plan.wanted.patch.acceptImpact()) {
      throw new Refused(new Problem.BreakingChange(plan.impact));
    }
    Model after = plan.after;
    Revision restored = plan.wanted.restored;
    String action = restored == null ? "model.updated" : "model.restored";
    Audit audit = Audit.of(caller, ids, after.updatedAt(), action, after.id(), plan.fields);
    Updated updated = new Updated(after, plan.impact);
    ModelStore.Change change = new ModelStore.Change(before, after, revision(before, plan));
    return switch (store.update(caller, change, audit, receipts.receiptOf(updated))) {
      case WRITTEN -> Optional.of(updated);
      case VERSION_CONFLICT -> Optional.empty();
      case NAME_TAKEN -> throw new Refused(new Problem.NameTaken("model", after.name()));
      case REPEATED -> throw new Refused(new Problem.RequestInProgress());
    };
  }

  private static @Nullable Revision revision(Model before, Plan plan) {
    Revision restored = plan.wanted.restored;
    return plan.after.revision() == before.revision()
        ? null
        : Revision.of(
            plan.after,
            plan.fields,
            restored == null ? null : restored.number(),
            plan.impact.brokenMappings());
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

  /** A change that is asked for; it may be to make a revision current again. */
  private record Wanted(ModelPatch patch, @Nullable Revision restored) {}

  /** A change that is about to be written, with the names of its fields. */
  private record Plan(Model after, List<String> fields, Impact impact, Wanted wanted) {}
}
