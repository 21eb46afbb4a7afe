package retl.core.source;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.FieldError;
import retl.core.FieldError.Code;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;

/** Connecting sources to models, changing and removing them, and reading them back. */
public final class Sources {
  private final SourceStore store;
  private final Ids ids;
  private final Clock clock;

  public Sources(SourceStore store, Ids ids, Clock clock) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
  }

  /** Saves a source of a model. */
  public Source create(Caller caller, NewSource wanted, Receipt.Writer<Source> receipts) {
    caller.require(Role.EDITOR);
    Instant now = now();
    Source source =
        new Source(
            ids.next("src"),
            wanted.name().text(),
            wanted.modelId(),
            wanted.enabled(),
            0,
            now,
            caller.actor(),
            now,
            caller.actor(),
            1);
    Audit audit =
        Audit.of(
            caller, ids, now, "source.created", source.id(), List.of("name", "modelId", "enabled"));
    return switch (store.create(caller, source, audit, receipts.receiptOf(source))) {
      case CREATED -> source;
      case NAME_TAKEN -> throw nameTaken(source.name());
      case MODEL_GONE -> throw noModel();
      case REPEATED -> throw new Refused(new Problem.RequestInProgress());
    };
  }

  /**
   * Changes a source: its name, whether it is on, or the model that it uses.
   *
   * @param patch makes the change out of the source as it stands; asked again when it was changed
   *     meanwhile
   */
  public Source update(
      Caller caller, String id, IfMatch ifMatch, Function<Source, SourcePatch> patch) {
    caller.require(Role.EDITOR);
    return store.onNewest(
        caller.workspace(),
        id,
        before -> {
          ifMatch.check(before.version());
          SourcePatch change = patch.apply(before);
          List<String> fields = change.changes(before);
          return fields.isEmpty()
              ? Optional.of(before)
              : write(caller, before, after(caller, before, change), fields);
        });
  }

  private Optional<Source> write(Caller caller, Source before, Source after, List<String> fields) {
    Audit audit = Audit.of(caller, ids, after.updatedAt(), "source.updated", after.id(), fields);
    return switch (store.update(caller, before, after, audit)) {
      case WRITTEN -> Optional.of(after);
      case VERSION_CONFLICT -> Optional.empty();
      case NAME_TAKEN -> throw nameTaken(after.name());
      case MODEL_GONE -> throw noModel();
    };
  }

  private Source after(Caller caller, Source before, SourcePatch change) {
    return new Source(
        before.id(),
        change.name(),
        change.modelId(),
        change.enabled(),
        before.connectionCount(),
        before.createdAt(),
        before.createdBy(),
        now(),
        caller.actor(),
        before.version() + 1);
  }

  /** Removes a source that has no connections. Its name is free at once. */
  public void delete(Caller caller, String id, IfMatch ifMatch) {
    caller.require(Role.EDITOR);
    store.onNewest(
        caller.workspace(),
        id,
        source -> {
          ifMatch.check(source.version());
          Audit audit = Audit.of(caller, ids, now(), "source.deleted", id, List.of());
          return switch (store.delete(caller, source, audit)) {
            case DELETED -> Optional.of(source);
            case VERSION_CONFLICT -> Optional.empty();
            case IN_USE -> throw new Refused(new Problem.SourceInUse(source.name()));
          };
        });
  }

  /** The source of this id, or {@link Problem.NotFound}. */
  public Source get(Caller caller, String id) {
    return store
        .find(caller.workspace(), id)
        .orElseThrow(() -> new Refused(new Problem.NotFound("source")));
  }

  /** Sources in the order of their names. */
  public Page<Source> list(Caller caller, SourceStore.Filter filter, Page.Request page) {
    return store.list(caller, filter, page);
  }

  private static Refused nameTaken(String name) {
    return new Refused(new Problem.NameTaken("source", name));
  }

  private static Refused noModel() {
    return new Refused(
        new Problem.InvalidRequest(
            List.of(new FieldError("modelId", Code.NOT_FOUND, "There is no such model."))));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
