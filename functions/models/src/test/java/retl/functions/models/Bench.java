package retl.functions.models;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import retl.api.Call;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoPreviews;
import retl.aws.DynamoSources;
import retl.aws.LocalAws;
import retl.aws.Receipts;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Name;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.preview.Preview;
import retl.core.preview.Samples;
import retl.core.source.NewSource;
import retl.core.source.Sources;
import retl.core.warehouse.Column;

/** The functions that keep models, and a workspace of their own with credentials. */
final class Bench {
  final CreateModelHandler create;
  final ReadModelsHandler read;
  final UpdateModelHandler update;
  final DeleteModelHandler delete;
  final Caller editor;
  final Credential credential;

  private final Ids ids = Ids.timeOrdered();
  private final Clock clock = Clock.systemUTC();
  private final LocalAws aws;
  private final Receipts receipts;

  Bench(LocalAws aws) {
    Wiring wiring = new Wiring(aws.environment());
    this.create = new CreateModelHandler(wiring);
    this.read = new ReadModelsHandler(wiring);
    this.update = new UpdateModelHandler(wiring);
    this.delete = new DeleteModelHandler(wiring);
    this.aws = aws;
    this.receipts = new Receipts(aws.table(), clock);
    this.editor = Callers.of(aws.workspace(), Role.EDITOR);
    this.credential = credential("Shop");
  }

  Credential credential(String name) {
    Credential saved = retl.core.credential.Samples.credential(ids.next("crd"), name);
    DynamoCredentials store = new DynamoCredentials(aws.table(), receipts);
    store.begin(editor, saved, null);
    store.activate(editor, saved, audit(saved.id()), null);
    return saved;
  }

  private Audit audit(String resource) {
    return Audit.of(editor, ids, clock.instant(), "thing.made", resource, List.of());
  }

  Caller viewer() {
    return Callers.of(editor.workspace(), Role.VIEWER);
  }

  Caller stranger() {
    return Callers.of(aws.workspace(), Role.ADMIN);
  }

  /** Everything that is kept for the workspace. */
  List<String> keys() {
    return aws.keys(editor.workspace());
  }

  /** The query has run, and gave these columns: the id of the preview. */
  String run(String sql, Column... columns) {
    Preview preview =
        Samples.queued(
            ids.next("prv"), credential, sql, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    DynamoPreviews store = new DynamoPreviews(aws.table(), receipts);
    store.create(editor, preview, audit(preview.id()), null);
    store.finish(editor.workspace(), Samples.completed(preview, List.of(columns)), List.of());
    return preview.id();
  }

  /** Saves a model that has these fields too, each with a comma before it: its id. */
  String save(String name, String sql, String more) {
    return save(name, credential, sql, more);
  }

  /** The same on other credentials. */
  String save(String name, Credential credential, String sql, String more) {
    String body =
        """
        {"name": "%s", "credentialId": "%s", "sql": "%s"%s}\
        """
            .formatted(name, credential.id(), sql, more);
    return Call.of("POST /models").as(editor).body(body).to(create).text("id");
  }

  /** A source begins to use a model. */
  void connect(String name, String modelId) {
    new Sources(new DynamoSources(aws.table(), receipts), ids, clock)
        .create(editor, new NewSource(new Name(name), modelId, true), Receipt.Writer.none());
  }

  Call patch(String id, String body) {
    return Call.of("PATCH /models/{id}").as(editor).id(id).body(body);
  }

  Call.Answer get(String id) {
    return Call.of("GET /models/{id}").as(editor).id(id).to(read);
  }

  Call delete(String id) {
    return Call.of("DELETE /models/{id}").as(editor).id(id);
  }
}
