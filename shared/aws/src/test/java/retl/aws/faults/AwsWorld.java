package retl.aws.faults;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoModelUses;
import retl.aws.DynamoModels;
import retl.aws.DynamoUnfinished;
import retl.aws.DynamoValidations;
import retl.aws.Receipts;
import retl.aws.SecretsManagerSecrets;
import retl.aws.Table;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.ModelUses;
import retl.core.credential.SecretStore;
import retl.core.credential.Unfinished;
import retl.core.model.Model;
import retl.core.validation.ValidationStore;
import retl.core.warehouse.Warehouse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The real stores over DynamoDB Local and the stand-in for Secrets Manager; every call of a client
 * is a step.
 */
final class AwsWorld implements World {
  private final DynamoDbClient dynamo;
  private final SecretsManagerClient secretsManager;
  private final AtomicBoolean stormy;
  private final String tableName;
  private final String prefix;
  private final DynamoCredentials credentials;
  private final SecretsManagerSecrets secrets;
  private final DynamoUnfinished notes;
  private final DynamoModelUses uses;
  private final DynamoValidations validations;
  private final DynamoCredentials known;
  private final DynamoModels models;

  /**
   * A world of its own table and secrets.
   *
   * @param stormy whether calls are lost on the wire; not while the state is looked at
   */
  AwsWorld(
      DynamoDbClient dynamo,
      SecretsManagerClient secretsManager,
      AtomicBoolean stormy,
      String tableName,
      Failpoints failpoints,
      Ticking clock) {
    this.dynamo = dynamo;
    this.secretsManager = secretsManager;
    this.stormy = stormy;
    this.tableName = tableName;
    this.prefix = tableName;
    Table table = new Table(stepping(DynamoDbClient.class, dynamo, failpoints), tableName);
    Receipts receipts = new Receipts(table, clock);
    this.credentials = new DynamoCredentials(table, receipts);
    this.secrets =
        new SecretsManagerSecrets(
            stepping(SecretsManagerClient.class, secretsManager, failpoints), prefix, null);
    this.notes = new DynamoUnfinished(table);
    this.uses = new DynamoModelUses(table);
    this.validations = new DynamoValidations(table, receipts, clock);
    Table quiet = new Table(dynamo, tableName);
    this.known = new DynamoCredentials(quiet, new Receipts(quiet, clock));
    this.models = new DynamoModels(quiet, new Receipts(quiet, clock));
  }

  private static <C> C stepping(Class<C> type, C client, Failpoints failpoints) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              failpoints.step();
              Object answer;
              try {
                answer = method.invoke(client, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              failpoints.step();
              return answer;
            }));
  }

  @Override
  public CredentialStore credentials() {
    return credentials;
  }

  @Override
  public SecretStore secrets() {
    return secrets;
  }

  @Override
  public Unfinished.Store notes() {
    return notes;
  }

  @Override
  public ModelUses uses() {
    return uses;
  }

  @Override
  public ValidationStore validations() {
    return validations;
  }

  @Override
  public void addModel(String workspace, String credentialId, String id, Instant now) {
    Optional<Credential> credential = known.find(workspace, credentialId);
    if (credential.isEmpty()) {
      return;
    }
    Caller caller = new Caller(workspace, "tok_1", Role.ADMIN, "req-model");
    Model model =
        new Model(
            id,
            id,
            null,
            credentialId,
            Warehouse.POSTGRES,
            "select 1",
            null,
            List.of(),
            new Model.Verified("prv_1", now, credential.get().targetVersion()),
            1,
            0,
            now,
            "tok_1",
            now,
            "tok_1",
            1);
    Audit audit =
        Audit.of(
            caller, type -> type + "_" + UUID.randomUUID(), now, "model.created", id, List.of());
    models.create(caller, model, audit, null);
  }

  // Models cannot be removed yet, so a plan's model stays.
  @Override
  public void removeModel(String workspace, String id) {}

  @Override
  public State state() {
    stormy.set(false);
    try {
      return stateInCalm();
    } finally {
      stormy.set(true);
    }
  }

  private State stateInCalm() {
    List<Map<String, AttributeValue>> items =
        dynamo.scanPaginator(scan -> scan.tableName(tableName)).items().stream().toList();
    Snapshot snapshot = new Snapshot();
    items.forEach(snapshot::add);
    return new State(
        readableSecrets(),
        snapshot.rows,
        snapshot.pendingRows,
        snapshot.names,
        snapshot.audits,
        snapshot.models,
        items.toString());
  }

  private Map<String, Map<String, String>> readableSecrets() {
    Map<String, Map<String, String>> readable = new HashMap<>();
    secretsManager.listSecretsPaginator().stream()
        .flatMap(page -> page.secretList().stream())
        .map(secret -> secret.name())
        .filter(name -> name.startsWith(prefix + "/"))
        .map(name -> name.substring(prefix.length() + 1))
        .forEach(path -> readable.put(path, secrets.get(key(path)).values()));
    return readable;
  }

  private static AttributeValue value(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name), name);
  }

  private static SecretStore.Key key(String path) {
    String[] parts = path.split("/", -1);
    return new SecretStore.Key(parts[0], parts[1], Integer.parseInt(parts[2].substring(1)));
  }

  /** Sorts items by what they are. */
  private final class Snapshot {
    final List<Row> rows = new ArrayList<>();
    final Map<String, String> names = new HashMap<>();
    final List<AuditRow> audits = new ArrayList<>();
    final List<ModelRow> models = new ArrayList<>();
    int pendingRows;

    void add(Map<String, AttributeValue> item) {
      String workspace = value(item, "PK").s().replaceFirst("^WS#", "");
      String sortKey = value(item, "SK").s();
      if (sortKey.startsWith("CRED#") && item.containsKey("secretVersion")) {
        addRow(workspace, item);
      } else if (sortKey.startsWith("NAME#CREDENTIAL#")) {
        names.put(
            workspace + "/" + sortKey.substring("NAME#CREDENTIAL#".length()),
            value(item, "id").s());
      } else if (sortKey.startsWith("AUDIT#")) {
        audits.add(
            new AuditRow(
                workspace,
                Instant.parse(value(item, "at").s()),
                value(item, "action").s(),
                value(item, "resource").s(),
                value(item, "fields").l().stream().map(AttributeValue::s).toList()));
      } else if (sortKey.startsWith("MODEL#") && !sortKey.contains("#REV#")) {
        AttributeValue verified = item.get("verified");
        models.add(
            new ModelRow(
                value(item, "id").s(),
                value(item, "credentialId").s(),
                verified == null
                    ? null
                    : Integer.valueOf(value(verified.m(), "targetVersion").n())));
      }
    }

    private void addRow(String workspace, Map<String, AttributeValue> item) {
      if (item.containsKey("pending")) {
        pendingRows++;
      } else {
        rows.add(
            new Row(
                workspace,
                credentials.find(workspace, value(item, "id").s()).orElseThrow(),
                Integer.parseInt(value(item, "modelCount").n())));
      }
    }
  }
}
