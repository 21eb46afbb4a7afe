package retl.aws.faults;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoModelUses;
import retl.aws.DynamoModels;
import retl.aws.DynamoSources;
import retl.aws.DynamoUnfinished;
import retl.aws.DynamoValidations;
import retl.aws.Receipts;
import retl.aws.SecretsManagerSecrets;
import retl.aws.Table;
import retl.core.credential.CredentialStore;
import retl.core.credential.ModelUses;
import retl.core.credential.SecretStore;
import retl.core.credential.Unfinished;
import retl.core.model.ModelStore;
import retl.core.model.Revision;
import retl.core.source.SourceStore;
import retl.core.validation.ValidationStore;
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
  private final DynamoModels models;
  private final DynamoModels seen;
  private final DynamoSources sources;
  private final DynamoSources seenSources;

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
    this.models = new DynamoModels(table, receipts);
    this.sources = new DynamoSources(table, receipts);
    Table quiet = new Table(dynamo, tableName);
    Receipts quietReceipts = new Receipts(quiet, clock);
    this.seen = new DynamoModels(quiet, quietReceipts);
    this.seenSources = new DynamoSources(quiet, quietReceipts);
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
  public ModelStore models() {
    return models;
  }

  @Override
  public SourceStore sources() {
    return sources;
  }

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
        snapshot.models(),
        snapshot.sources(),
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
    private final List<ModelRow> models = new ArrayList<>();
    private final Map<String, String> modelNames = new HashMap<>();
    private final Map<String, List<Revision>> revisions = new HashMap<>();
    private final List<SourceRow> sources = new ArrayList<>();
    private final Map<String, String> sourceNames = new HashMap<>();
    private final Map<String, String> listed = new HashMap<>();
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
                value(item, "fields").l().stream().map(AttributeValue::s).toList(),
                value(item, "requestId").s()));
      } else if (sortKey.startsWith("NAME#MODEL#")) {
        modelNames.put(
            workspace + "/" + sortKey.substring("NAME#MODEL#".length()), value(item, "id").s());
      } else if (sortKey.startsWith("NAME#SOURCE#")) {
        sourceNames.put(
            workspace + "/" + sortKey.substring("NAME#SOURCE#".length()), value(item, "id").s());
      } else if (sortKey.startsWith("NAME#SOURCE@")) {
        String place = sortKey.substring("NAME#SOURCE@".length()).replace('#', '/');
        listed.put(workspace + "/" + place, value(item, "id").s());
      } else if (sortKey.startsWith("SOURCE#")) {
        sources.add(
            new SourceRow(
                workspace, seenSources.find(workspace, value(item, "id").s()).orElseThrow()));
      } else if (sortKey.contains("#REV#")) {
        String id = sortKey.substring("MODEL#".length(), sortKey.indexOf("#REV#"));
        int number = Integer.parseInt(value(item, "revision").n());
        revisions
            .computeIfAbsent(workspace + "/" + id, none -> new ArrayList<>())
            .add(seen.revision(workspace, id, number).orElseThrow());
      } else if (sortKey.startsWith("MODEL#")) {
        models.add(
            new ModelRow(workspace, seen.find(workspace, value(item, "id").s()).orElseThrow()));
      }
    }

    ModelState models() {
      revisions.values().forEach(each -> each.sort(Comparator.comparing(Revision::number)));
      return new ModelState(models, modelNames, revisions);
    }

    SourceState sources() {
      return new SourceState(sources, sourceNames, listed);
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
