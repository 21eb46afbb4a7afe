package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import retl.api.json.Json;
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
import retl.standins.AwsStandIns;
import retl.standins.LambdaStandIn;
import retl.standins.SecretsManagerStandIn;

/** Each sample event is handed to its own function, over real stores that hold what it names. */
class SampleEventsRunTest {
  private static final String NUMBER = "00000000000000000000000001";
  private static final String SQL = "SELECT id, email FROM customers";
  private static final Caller ADMIN =
      new Caller("ws_sample", "tok_" + NUMBER, Role.ADMIN, "sample-request");
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir static Path folder;

  private static LocalService service;
  private static AwsStandIns idle;
  private static Functions functions;

  @BeforeAll
  static void startWithWhatTheEventsName() throws Exception {
    Path template = Contract.projectFile("template.yaml");
    service =
        LocalService.start(
            new LocalService.Options(0, folder, false, template), StoreWorkspaces::new);
    // Jobs are taken and not run: what a real worker finds out would change what later events meet.
    idle =
        AwsStandIns.start(
            0,
            SecretsManagerStandIn.inMemory(),
            new LambdaStandIn(name -> Optional.of((id, event, answer) -> {})));
    Map<String, String> variables = new HashMap<>(service.ready().environment());
    variables.put("AWS_ENDPOINT_URL_LAMBDA", idle.endpoint().toString());
    functions = Functions.of(Template.read(template), variables);
    new Seed(new Environment(variables)).write();
  }

  @AfterAll
  static void end() {
    idle.close();
    service.close();
  }

  @TestFactory
  Stream<DynamicTest> comesOutAsListed() throws IOException {
    return SampleEventsTest.samples()
        .map(sample -> DynamicTest.dynamicTest(sample.event(), () -> run(sample)));
  }

  private static void run(SampleEventsTest.Sample sample) throws Exception {
    byte[] event = Files.readAllBytes(Contract.projectFile("events").resolve(sample.event()));
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    functions
        .find(sample.function())
        .orElseThrow()
        .invoke("sample", new ByteArrayInputStream(event), answer);
    String text = answer.toString(StandardCharsets.UTF_8);

    switch (sample.expected()) {
      case "done" -> assertThat(text).isIn("", "{\"batchItemFailures\":[]}");
      case "nobody" -> assertThat(text).contains("\"context\":{}");
      case "ws_sample" -> assertThat(text).contains("\"workspace\":\"ws_sample\"");
      case "issued" -> assertThat(text).contains("\"workspace\":\"wsp_", "\"token\":\"rmt_");
      default ->
          assertThat(TemplateValue.of(Json.parse(text)).at("statusCode").text())
              .as(text)
              .isEqualTo(sample.expected());
    }
  }

  /** What events/README.md says must be there first. */
  private static final class Seed {
    private final Instant now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
    private final Clients clients;
    private final Environment environment;
    private final Table table;
    private final Receipts receipts;
    private int number = 0;

    Seed(Environment environment) {
      this.environment = environment;
      this.clients = new Clients(environment);
      this.table = new Table(clients.dynamo(), environment.get(Environment.TABLE));
      this.receipts = new Receipts(table, CLOCK);
    }

    void write() throws Exception {
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
      return type.equals("aud")
          ? Ids.timeOrdered().next(type)
          : idOf(type, String.valueOf(++number));
    }

    private static String idOf(String type, String number) {
      return type.equals("aud")
          ? Ids.timeOrdered().next(type)
          : type + "_0000000000000000000000000" + number;
    }

    private void writeTokens() throws Exception {
      DynamoTokens tokens = new DynamoTokens(table, receipts);
      SecretKeys keys =
          new SecretKeys(clients.secrets(), environment.get(Environment.KEYS_SECRET), CLOCK);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(keys.key("token", "HmacSHA256"));
      String text = sampleToken();
      String hash = HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
      tokens.create(new TokenStore.Kept(grant(NUMBER), hash), audit("token.created"), null);
      tokens.create(
          new TokenStore.Kept(grant(NUMBER.replace('1', '2')), "0".repeat(64)),
          audit("token.created"),
          null);
    }

    private static String sampleToken() throws IOException {
      String event =
          Files.readString(Contract.projectFile("events").resolve("authorize-caller.json"));
      int start = event.indexOf("rmt_");
      String text = event.substring(start, event.indexOf('"', start));
      return Token.parse(text).orElseThrow().reveal();
    }

    private Grant grant(String id) {
      return new Grant(id, ADMIN.workspace(), "Sample", Role.ADMIN, now, ADMIN.actor(), null, null);
    }
  }
}
