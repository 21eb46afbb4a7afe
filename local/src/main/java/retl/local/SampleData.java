package retl.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;
import retl.aws.Clients;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoModels;
import retl.aws.DynamoPreviews;
import retl.aws.DynamoSources;
import retl.aws.DynamoTokens;
import retl.aws.DynamoUnfinished;
import retl.aws.DynamoValidations;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.SecretKeys;
import retl.aws.SecretsManagerSecrets;
import retl.aws.Table;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.Ids;
import retl.core.Name;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.Credentials;
import retl.core.credential.NetworkRules;
import retl.core.credential.Secret;
import retl.core.credential.Settings;
import retl.core.job.Job;
import retl.core.model.Drafts;
import retl.core.model.Models;
import retl.core.model.NewModel;
import retl.core.preview.Preview;
import retl.core.source.NewSource;
import retl.core.source.Sources;
import retl.core.token.Grant;
import retl.core.token.Token;
import retl.core.token.TokenStore;
import retl.core.validation.NewValidation;
import retl.core.validation.Validations;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;
import retl.sql.SqlGate;

/** What the sample events name; events/README.md has the list. */
final class SampleData {
  private static final String NUMBER = "00000000000000000000000001";
  private static final String SQL = "SELECT id, email FROM customers";
  private static final Caller ADMIN =
      new Caller("ws_sample", "tok_" + NUMBER, Role.ADMIN, "sample-request");
  private static final Clock CLOCK = Clock.systemUTC();

  private final Instant now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
  private final Clients clients;
  private final Environment environment;
  private final Path events;
  private final Table table;
  private final Receipts receipts;
  private int number = 0;

  /**
   * Into the stores of this environment.
   *
   * @param events the folder of the events, which have the text of the token
   */
  SampleData(Environment environment, Path events) {
    this.environment = environment;
    this.events = events;
    this.clients = new Clients(environment);
    this.table = new Table(clients.dynamo(), environment.get(Environment.TABLE));
    this.receipts = new Receipts(table, CLOCK);
  }

  /** Writes all of it into stores that have none of it. */
  void write() throws IOException {
    DynamoCredentials credentials = new DynamoCredentials(table, receipts);
    DynamoPreviews previews = new DynamoPreviews(table, receipts);
    SecretsManagerSecrets secrets =
        new SecretsManagerSecrets(
            clients.secrets(), environment.get(Environment.SECRET_PREFIX), null);
    Credential credential = credential();
    credentials.begin(ADMIN, credential, null);
    secrets.put(
        Credentials.keyOf(ADMIN.workspace(), credential), new Secret(Map.of("password", "x")));
    credentials.activate(ADMIN, credential, audit("credential.created"), null);
    Preview completed = preview(1).completed(result(null), 5);
    previews.create(ADMIN, preview(1), audit("preview.submitted"), null);
    previews.start(ADMIN.workspace(), preview(1).id());
    previews.finish(ADMIN.workspace(), completed, List.of("[1,\"a@example.com\"]"));
    previews.create(ADMIN, preview(2), audit("preview.submitted"), null);
    previews.create(ADMIN, keyCheck(), audit("key_check.submitted"), null);
    Preview.KeyCounts keys = new Preview.KeyCounts(3, 1, 1, List.of(2L));
    previews.finish(ADMIN.workspace(), keyCheck().completed(result(keys), 5), List.of("[1]"));
    writeModel("1", "Sample model", credentials, previews);
    writeModel("2", "Spare model", credentials, previews);
    new Sources(new DynamoSources(table, receipts), type -> idOf(type, "1"), CLOCK)
        .create(
            ADMIN,
            new NewSource(new Name("Sample source"), "mdl_" + NUMBER, true),
            Receipt.Writer.none());
    Validations validations =
        new Validations(
            new DynamoValidations(table, receipts, CLOCK),
            credentials,
            secrets,
            new DynamoUnfinished(table),
            SqlGate.ofTokens(),
            (Job job) -> {},
            (caller, what, fault) -> {},
            this::idOfNext,
            CLOCK);
    NewValidation ofSaved = new NewValidation.OfSaved(credential.id(), null);
    validations.create(ADMIN, ofSaved, Receipt.Writer.none());
    validations.create(ADMIN, ofSaved, Receipt.Writer.none());
    writeTokens();
  }

  private void writeModel(
      String number, String name, DynamoCredentials credentials, DynamoPreviews previews) {
    new Models(
            new DynamoModels(table, receipts),
            new Drafts(credentials, previews, SqlGate.ofTokens(), CLOCK),
            type -> idOf(type, number),
            CLOCK)
        .create(ADMIN, newModel(name), Receipt.Writer.none());
  }

  private static Credential credentialOf(Instant now) {
    Settings settings =
        Settings.read(
            Warehouse.POSTGRES,
            Fields.of(Map.of("host", "db.example.com", "database", "shop", "user", "reader")),
            NetworkRules.STRICT);
    return new Credential(
        "crd_" + NUMBER,
        "Sample shop",
        settings,
        List.of("password"),
        1,
        1,
        Credential.Status.UNVALIDATED,
        null,
        now,
        ADMIN.actor(),
        now,
        ADMIN.actor(),
        1);
  }

  private Credential credential() {
    return credentialOf(now);
  }

  private Preview preview(int number) {
    return queued("prv_0000000000000000000000000" + number, new Preview.Wanted.Rows(50));
  }

  private Preview keyCheck() {
    return queued("kch_" + NUMBER, new Preview.Wanted.Key("mdl_" + NUMBER, 1, List.of("id")));
  }

  private Preview queued(String id, Preview.Wanted wanted) {
    return new Preview(
        id,
        Preview.Status.QUEUED,
        "crd_" + NUMBER,
        1,
        SQL,
        wanted,
        null,
        null,
        null,
        now.plusSeconds(120),
        now.plusSeconds(900));
  }

  private static Preview.Result result(Preview.@Nullable KeyCounts keys) {
    return new Preview.Result(
        List.of(
            new Column("id", Column.Type.INT, "bigint", null),
            new Column("email", Column.Type.STRING, "text", null)),
        1,
        false,
        0,
        List.of(),
        Set.of(),
        keys);
  }

  private static NewModel newModel(String name) {
    return NewModel.read(
        Fields.of(Map.of("name", name, "credentialId", "crd_" + NUMBER, "sql", SQL)));
  }

  private Audit audit(String action) {
    return Audit.of(ADMIN, Ids.timeOrdered(), now, action, "sample", List.of());
  }

  private String idOfNext(String type) {
    return type.equals("aud") ? Ids.timeOrdered().next(type) : idOf(type, String.valueOf(++number));
  }

  private static String idOf(String type, String number) {
    return type.equals("aud")
        ? Ids.timeOrdered().next(type)
        : type + "_0000000000000000000000000" + number;
  }

  private void writeTokens() throws IOException {
    DynamoTokens tokens = new DynamoTokens(table, receipts);
    tokens.create(new TokenStore.Kept(grant(NUMBER), hash(token())), audit("token.created"), null);
    tokens.create(
        new TokenStore.Kept(grant(NUMBER.replace('1', '2')), "0".repeat(64)),
        audit("token.created"),
        null);
  }

  /** What is kept of a token, by the key of these stores. */
  private String hash(String token) {
    SecretKeys keys =
        new SecretKeys(clients::secrets, environment.get(Environment.KEYS_SECRET), CLOCK);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(keys.key("token", "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(token.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has HmacSHA256.", e);
    }
  }

  private String token() throws IOException {
    String event = Files.readString(events.resolve("authorize-caller.json"));
    int start = event.indexOf("rmt_");
    String text = event.substring(start, event.indexOf('"', start));
    return Token.parse(text).orElseThrow().reveal();
  }

  private Grant grant(String id) {
    return new Grant(id, ADMIN.workspace(), "Sample", Role.ADMIN, now, ADMIN.actor(), null, null);
  }
}
