package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Samples;
import retl.core.model.Model;
import retl.core.model.ModelStore;
import retl.core.preview.Preview;
import retl.core.validation.Check;
import retl.core.validation.Validation;
import retl.core.validation.ValidationStore;
import retl.core.warehouse.Warehouse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Writes that took effect while their answer was lost. The SDK tries again by itself, and must not
 * find its own first try in the way.
 */
class LostAnswersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Instant NOW = TestClock.START.truncatedTo(ChronoUnit.MILLIS);
  private static final Receipt.Once ONCE = new Receipt.Once("POST /things", "key", "hash");
  private static final Receipt RECEIPT = new Receipt(ONCE, 201, Map.of(), "{}");

  private final Ids ids = Ids.timeOrdered();
  private final TestClock clock = new TestClock();
  private BadConnection connection;
  private Table table;
  private DynamoCredentials credentials;
  private DynamoPreviews previews;
  private DynamoValidations validations;
  private Caller caller;

  @BeforeEach
  void connect() {
    connection = BadConnection.to(AWS.dynamo());
    Environment environment = new Environment(AWS.environment(connection.endpoint()));
    table = new Table(new Clients(environment).dynamo(), environment.get(Environment.TABLE));
    Receipts receipts = new Receipts(table, clock);
    credentials = new DynamoCredentials(table, receipts);
    previews = new DynamoPreviews(table, receipts);
    validations = new DynamoValidations(table, receipts, clock);
    caller = Callers.of(AWS.workspace(), Role.ADMIN);
  }

  @AfterEach
  void disconnect() {
    connection.close();
  }

  private Audit audit(String id) {
    return Audit.of(caller, ids, NOW, "thing.done", id, List.of());
  }

  private Credential saved() {
    Credential credential = Samples.credential(ids.next("crd"), "Shop");
    credentials.begin(caller, credential, null);
    credentials.activate(caller, credential, audit(credential.id()), null);
    return credential;
  }

  private Preview queued() {
    Preview preview =
        new Preview(
            ids.next("prv"),
            Preview.Status.QUEUED,
            "crd_1",
            1,
            "select 1",
            new Preview.Wanted.Rows(50),
            null,
            null,
            null,
            NOW.plusSeconds(120),
            NOW.plusSeconds(900));
    previews.create(caller, preview, audit(preview.id()), null);
    return preview;
  }

  @Test
  void beginningIsNoTakenName() {
    connection.losesAnAnswer();

    assertThat(credentials.begin(caller, Samples.credential(ids.next("crd"), "Shop"), ONCE))
        .isEqualTo(CredentialStore.Begun.BEGUN);
    assertThat(connection.calls()).containsExactly("TransactWriteItems", "TransactWriteItems");
  }

  @Test
  void activatingIsNoConflict() {
    Credential credential = Samples.credential(ids.next("crd"), "Shop");
    credentials.begin(caller, credential, ONCE);
    connection.losesAnAnswer();

    credentials.activate(caller, credential, audit(credential.id()), RECEIPT);

    assertThat(credentials.find(caller.workspace(), credential.id())).contains(credential);
    assertThat(AWS.keys(caller.workspace())).filteredOn(key -> key.startsWith("AUDIT#")).hasSize(1);
  }

  @Test
  void abandoningFreesTheName() {
    Credential credential = Samples.credential(ids.next("crd"), "Shop");
    credentials.begin(caller, credential, ONCE);
    connection.losesAnAnswer();

    credentials.abandon(caller, credential, ONCE);

    assertThat(AWS.keys(caller.workspace())).isEmpty();
  }

  @Test
  void creatingAModelIsNoTakenNameAndCountsOnce() {
    Credential credential = saved();
    Model model =
        new Model(
            ids.next("mdl"),
            "Orders",
            null,
            credential.id(),
            Warehouse.POSTGRES,
            "select 1",
            null,
            null,
            null,
            1,
            0,
            NOW,
            "tok_1",
            NOW,
            "tok_1",
            1);
    connection.losesAnAnswer();

    assertThat(
            new DynamoModels(table, new Receipts(table, clock))
                .create(caller, model, audit(model.id()), RECEIPT))
        .isEqualTo(ModelStore.Created.CREATED);
    assertThat(
            table
                .get(caller.workspace(), "CRED#" + credential.id())
                .orElseThrow()
                .number("modelCount"))
        .isEqualTo(1);
  }

  @Test
  void submittingAPreviewIsNoRepeat() {
    Preview preview = queued();
    Preview next =
        new Preview(
            ids.next("prv"),
            Preview.Status.QUEUED,
            preview.credentialId(),
            1,
            preview.sql(),
            preview.wanted(),
            null,
            null,
            null,
            preview.deadline(),
            preview.expiresAt());
    connection.losesAnAnswer();

    assertThat(previews.create(caller, next, audit(next.id()), RECEIPT)).isTrue();
  }

  @Test
  void startingAPreviewIsNoSecondStart() {
    Preview preview = queued();
    connection.losesAnAnswer();

    assertThat(previews.start(caller.workspace(), preview.id())).isPresent();
    assertThat(previews.start(caller.workspace(), preview.id())).isEmpty();
  }

  @Test
  void finishingAPreviewKeepsItsRows() {
    Preview preview = queued();
    connection.losesAnAnswer();

    previews.finish(caller.workspace(), completed(preview), List.of("[1]"));

    assertThat(previews.rows(caller.workspace(), preview.id(), 0, 9)).containsExactly("[1]");
    assertThat(connection.calls()).doesNotContain("PutItem");
  }

  @Test
  void finishingALargePreviewKeepsItsRows() {
    Preview preview = queued();
    List<String> rows = List.of("[1]", "[" + "7".repeat(1_000_000) + "]");
    connection.losesAnAnswer().losesAnAnswer();

    previews.finish(caller.workspace(), completed(preview), rows);

    assertThat(previews.rows(caller.workspace(), preview.id(), 0, 9)).isEqualTo(rows);
    assertThat(connection.calls()).contains("PutItem");
  }

  private static Preview completed(Preview preview) {
    return preview.completed(
        new Preview.Result(List.of(), 1, false, 0, List.of(), Set.of(), null), 1);
  }

  @Test
  void validationsGoOnAsIfNothingHadHappened() {
    Validation begun =
        new Validation(
            ids.next("val"),
            "crd_1",
            Validation.Status.RUNNING,
            List.of(new Check(Check.Name.CONNECTION, Check.Status.RUNNING, null, null, null, null)),
            Validation.Trigger.API,
            NOW,
            null,
            NOW.plusSeconds(60),
            NOW.plusSeconds(900));
    Validation over =
        begun.after(
            new Check(Check.Name.CONNECTION, Check.Status.PASSED, null, null, null, 1L), NOW);
    connection.losesAnAnswer();
    assertThat(
            validations.create(
                caller,
                new ValidationStore.Task(begun, Samples.POSTGRES, 1),
                audit("crd_1"),
                RECEIPT))
        .isTrue();
    connection.losesAnAnswer();
    validations.update(caller.workspace(), over);

    assertThat(validations.find(caller.workspace(), begun.id())).contains(over);
  }

  @Test
  void notingAResultChangesTheCredentialsOnce() {
    Credential credential = saved();
    var last = new Credential.LastValidation(ids.next("val"), "passed", null, NOW);
    connection.losesAnAnswer();

    credentials.recordValidation(
        caller.workspace(), Samples.result(credential.id(), 1, Credential.Status.VALID, last));

    assertThat(credentials.find(caller.workspace(), credential.id()))
        .map(Credential::version)
        .contains(2L);
  }

  /** The control: without a token the second try is a conflict. */
  @Test
  void aWriteWithoutATokenFindsItsFirstTryInTheWay() {
    connection.losesAnAnswer();

    assertThatThrownBy(
            () ->
                table
                    .dynamo()
                    .putItem(
                        put ->
                            put.tableName(table.name())
                                .item(Table.key(caller.workspace(), "THING#1"))
                                .conditionExpression(Table.IF_NEW)))
        .isInstanceOf(DynamoDbException.class);
  }
}
