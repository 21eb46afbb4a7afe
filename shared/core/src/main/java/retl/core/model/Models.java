package retl.core.model;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.FieldError;
import retl.core.Ids;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;

/** Saving models and reading them back. */
public final class Models {
  private final ModelStore store;
  private final Drafts drafts;
  private final Ids ids;
  private final Clock clock;

  public Models(ModelStore store, Drafts drafts, Ids ids, Clock clock) {
    this.store = store;
    this.drafts = drafts;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Saves a model. With a preview of exactly its query on exactly its credentials it is verified
   * from the start.
   */
  public Model create(Caller caller, NewModel wanted, Receipt.Writer<Model> receipts) {
    caller.require(Role.EDITOR);
    Model model = first(caller, wanted, drafts.made(caller.workspace(), wanted));
    Audit audit =
        Audit.of(caller, ids, model.createdAt(), "model.created", model.id(), fieldsOf(wanted));
    return switch (store.create(caller, model, audit, receipts.receiptOf(model))) {
      case CREATED -> model;
      case NAME_TAKEN -> throw new Refused(new Problem.NameTaken("model", model.name()));
      case CREDENTIAL_GONE -> throw bad(Drafts.noCredential());
      case CREDENTIAL_NOT_VALID ->
          throw new Refused(new Problem.CredentialNotValid(model.credentialId()));
      case CREDENTIAL_MOVED -> throw bad(Evidence.doesNotMatch());
      case REPEATED -> throw new Refused(new Problem.RequestInProgress());
    };
  }

  private static Refused bad(FieldError error) {
    return new Refused(new Problem.InvalidRequest(List.of(error)));
  }

  private Model first(Caller caller, NewModel wanted, Drafts.Draft draft) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Evidence.Shown shown = draft.shown();
    return new Model(
        ids.next("mdl"),
        wanted.name().text(),
        wanted.description(),
        wanted.credentialId(),
        draft.warehouse(),
        wanted.sql(),
        wanted.primaryKey(),
        shown == null ? null : shown.columns(),
        shown == null ? null : shown.verified(),
        1,
        0,
        now,
        caller.actor(),
        now,
        caller.actor(),
        1);
  }

  private static List<String> fieldsOf(NewModel wanted) {
    List<String> fields = new ArrayList<>(List.of("name", "credentialId", "sql"));
    if (wanted.description() != null) {
      fields.add("description");
    }
    if (wanted.primaryKey() != null) {
      fields.add("primaryKey");
    }
    if (wanted.previewId() != null) {
      fields.add("previewId");
    }
    return fields;
  }

  /** The model of this id, or {@link Problem.NotFound}. */
  public Model get(Caller caller, String id) {
    return store
        .find(caller.workspace(), id)
        .orElseThrow(() -> new Refused(new Problem.NotFound("model")));
  }

  /** Models in the order of their names. */
  public Page<ModelSummary> list(Caller caller, ModelStore.Filter filter, Page.Request page) {
    return store.list(caller, filter, page);
  }

  /** The revisions of a model, newest first, or {@link Problem.NotFound}. */
  public Page<Revision> revisions(Caller caller, String id, Page.Request page) {
    return store.revisions(caller, get(caller, id).id(), page);
  }

  /** This revision of a model, or {@link Problem.NotFound}. */
  public Revision revision(Caller caller, String id, int number) {
    return store
        .revision(caller.workspace(), get(caller, id).id(), number)
        .orElseThrow(() -> new Refused(new Problem.NotFound("revision")));
  }
}
