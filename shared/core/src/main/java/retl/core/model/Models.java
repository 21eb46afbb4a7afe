package retl.core.model;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.FieldError;
import retl.core.FieldError.Code;
import retl.core.Ids;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.preview.Preview;
import retl.core.preview.PreviewStore;
import retl.core.query.QueryGate;
import retl.core.query.Verdict;
import retl.core.warehouse.Column;

/** Saving models and reading them back. */
public final class Models {
  private final ModelStore store;
  private final CredentialStore credentials;
  private final PreviewStore previews;
  private final QueryGate gate;
  private final Ids ids;
  private final Clock clock;

  public Models(
      ModelStore store,
      CredentialStore credentials,
      PreviewStore previews,
      QueryGate gate,
      Ids ids,
      Clock clock) {
    this.store = store;
    this.credentials = credentials;
    this.previews = previews;
    this.gate = gate;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Saves a model. With a preview of exactly its query on exactly its credentials it is verified
   * from the start.
   */
  public Model create(Caller caller, NewModel wanted, Receipt.Writer<Model> receipts) {
    caller.require(Role.EDITOR);
    List<FieldError> errors = new ArrayList<>();
    Optional<Credential> credential = credentials.find(caller.workspace(), wanted.credentialId());
    if (credential.isEmpty()) {
      errors.add(noCredential());
    }
    Optional<Preview> preview = verifyingPreview(caller, wanted, errors);
    List<Column> columns = preview.map(Preview::result).map(Preview.Result::columns).orElse(null);
    KeyColumns.check(wanted.primaryKey(), columns, errors);
    if (credential.isEmpty() || !errors.isEmpty()) {
      throw new Refused(new Problem.InvalidRequest(errors));
    }
    requireUsable(credential.get());
    if (gate.judge(wanted.sql(), credential.get().warehouse()) instanceof Verdict.Refused no) {
      throw new Refused(new Problem.QueryRefused(no));
    }
    Model model = first(caller, wanted, credential.get(), preview.orElse(null));
    Audit audit =
        Audit.of(caller, ids, model.createdAt(), "model.created", model.id(), fieldsOf(wanted));
    return switch (store.create(caller, model, audit, receipts.receiptOf(model))) {
      case CREATED -> model;
      case NAME_TAKEN -> throw new Refused(new Problem.NameTaken("model", model.name()));
      case CREDENTIAL_GONE ->
          throw new Refused(new Problem.InvalidRequest(List.of(noCredential())));
      case CREDENTIAL_NOT_VALID ->
          throw new Refused(new Problem.CredentialNotValid(model.credentialId()));
      case REPEATED -> throw new Refused(new Problem.RequestInProgress());
    };
  }

  private static FieldError noCredential() {
    return new FieldError("credentialId", Code.NOT_FOUND, "There are no such credentials.");
  }

  private static void requireUsable(Credential credential) {
    if (credential.status() == Credential.Status.FAILING) {
      throw new Refused(new Problem.CredentialNotValid(credential.id()));
    }
  }

  private Optional<Preview> verifyingPreview(
      Caller caller, NewModel wanted, List<FieldError> errors) {
    String previewId = wanted.previewId();
    if (previewId == null) {
      return Optional.empty();
    }
    Optional<Preview> preview = previews.find(caller.workspace(), previewId);
    if (preview.isEmpty()) {
      errors.add(
          new FieldError(
              "previewId",
              Code.NOT_FOUND,
              "There is no such preview, or it has expired: run the query again."));
    } else if (!verifies(preview.get(), wanted, clock.instant())) {
      errors.add(
          new FieldError(
              "previewId",
              Code.DOES_NOT_MATCH,
              "It must be a completed preview, not 15 minutes old, of exactly this query on these credentials."));
      return Optional.empty();
    }
    return preview;
  }

  private static boolean verifies(Preview preview, NewModel wanted, Instant now) {
    return !preview.isExpired(now)
        && preview.status() == Preview.Status.COMPLETED
        && preview.sql().equals(wanted.sql())
        && preview.credentialId().equals(wanted.credentialId());
  }

  private Model first(
      Caller caller, NewModel wanted, Credential credential, @Nullable Preview preview) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Preview.Result result = preview == null ? null : preview.result();
    return new Model(
        ids.next("mdl"),
        wanted.name().text(),
        wanted.description(),
        credential.id(),
        credential.warehouse(),
        wanted.sql(),
        wanted.primaryKey(),
        result == null ? null : result.columns(),
        preview == null ? null : new Model.Verified(preview.id(), now),
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
}
