package retl.warehouse.redshift;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static retl.warehouse.redshift.IamStandIn.CLUSTER;
import static retl.warehouse.redshift.IamStandIn.PRINCIPAL;
import static retl.warehouse.redshift.IamStandIn.ROLE;
import static retl.warehouse.redshift.IamStandIn.WORKGROUP;
import static retl.warehouse.redshift.IamStandIn.error;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.Login;
import retl.core.credential.RedshiftSettings;
import retl.core.credential.Secret;
import retl.warehouse.CheckFailed;
import retl.warehouse.Fault;
import retl.warehouse.redshift.IamStandIn.Answer;
import retl.warehouse.redshift.IamStandIn.Answering;
import retl.warehouse.redshift.IamStandIn.Call;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;

/** What is asked of AWS, in whose name, and what is made of each answer. */
@Timeout(60)
class IamLoginsTest {
  private static final String WORKSPACE = "wsp_1";
  private static final String HOST = "shop.abc123.eu-west-1.redshift.amazonaws.com";
  private static final String PRIVATE_TEXT = "very private text";
  private static final SdkHttpClient HTTP = AwsCrtHttpClient.builder().build();

  private final IamStandIn aws =
      new IamStandIn(Set.of("wsp_1", "wsp_1/ext")::contains, "IAM:reader", "p4ss");
  private final CountDownLatch never = new CountDownLatch(1);
  private Duration attempt = Duration.ofSeconds(30);

  @AfterEach
  void stop() {
    never.countDown();
    aws.close();
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  private DatabaseLogin login(String workspace, RedshiftSettings settings) throws CheckFailed {
    return login(workspace, settings, List.of("arn:aws:iam::*:role/*"), Set.of("wsp_own"));
  }

  private DatabaseLogin login(
      String workspace, RedshiftSettings settings, List<String> roles, Set<String> workspaces)
      throws CheckFailed {
    return new IamLogins(aws.iam(HTTP, roles, workspaces, attempt))
        .of(new Login<>(workspace, settings, new Secret(Map.of())));
  }

  private Fault fault(String workspace, RedshiftSettings settings) {
    CheckFailed failed = catchThrowableOfType(CheckFailed.class, () -> login(workspace, settings));
    assertThat(failed.fault().toString()).doesNotContain(PRIVATE_TEXT);
    return failed.fault();
  }

  private static String textOf(Fault fault) {
    return fault.remedy() == null ? "" : fault.remedy().text();
  }

  private static RedshiftSettings cluster(@Nullable String role, @Nullable String externalId) {
    return settings(HOST, "verify-full", CLUSTER, null, role, externalId);
  }

  private static RedshiftSettings workgroup(String name) {
    return settings(HOST, "verify-full", null, name, ROLE, null);
  }

  private static RedshiftSettings settings(
      String host,
      String sslMode,
      @Nullable String cluster,
      @Nullable String workgroup,
      @Nullable String role,
      @Nullable String externalId) {
    return IamStandIn.settings(
        host, 5439, "dev", sslMode, cluster, workgroup, null, role, externalId);
  }

  @Test
  void asksForACluster() throws CheckFailed {
    DatabaseLogin login = login(WORKSPACE, cluster(ROLE, null));

    assertThat(login).isEqualTo(new DatabaseLogin("IAM:reader", "p4ss", "reader"));
    assertThat(login.toString()).doesNotContain("p4ss");
    Call call = aws.calls().getLast();
    assertThat(call.accessKey()).isEqualTo(IamStandIn.ROLES_KEY);
    assertThat(call.fields())
        .containsEntry("ClusterIdentifier", CLUSTER)
        .containsEntry("DbUser", "reader")
        .containsEntry("DbName", "dev")
        .containsEntry("AutoCreate", "false")
        .containsEntry("DurationSeconds", "900");
  }

  /** Its user is the role's own, and grants are for that. */
  @Test
  void asksForAWorkgroup() throws CheckFailed {
    assertThat(login(WORKSPACE, workgroup(WORKGROUP)))
        .isEqualTo(new DatabaseLogin("IAM:reader", "p4ss", "IAM:reader"));
    assertThat(aws.calls().getLast().body()).contains("\"dbName\":\"dev\"");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"none, wsp_1", "ext, wsp_1/ext"})
  void takesTheRoleInTheNameOfTheWorkspaceAndForThisDatabaseAlone(@Nullable String own, String sent)
      throws CheckFailed {
    login(WORKSPACE, cluster(ROLE, own));

    Call taken = aws.calls().get(1);
    assertThat(taken.accessKey()).isEqualTo(IamStandIn.OUR_KEY);
    assertThat(taken.fields())
        .containsEntry("RoleArn", ROLE)
        .containsEntry("ExternalId", sent)
        .containsEntry("RoleSessionName", "retl-models-wsp_1")
        .containsEntry("DurationSeconds", "900");
    assertThat(taken.field("Policy"))
        .isEqualTo(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
            "Action":"redshift:GetClusterCredentials","Resource":[\
            "arn:aws:redshift:eu-west-1:210987654321:dbuser:shop/reader",\
            "arn:aws:redshift:eu-west-1:210987654321:dbname:shop/dev"]}]}""");
  }

  /** The role trusts wsp_1 alone, and whatever wsp_2 writes begins with its own name. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "wsp_1", "wsp_1/ext", "../wsp_1"})
  void doesNotTakeTheRoleOfAnotherWorkspace(String own) {
    Fault fault = fault("wsp_2", cluster(ROLE, own.equals("none") ? null : own));

    assertThat(fault.code()).isEqualTo("role_denied");
    String externalId = own.equals("none") ? "wsp_2" : "wsp_2/" + own;
    assertThat(textOf(fault))
        .contains(ROLE)
        .contains(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
            "Principal":{"AWS":"%s"},"Action":"sts:AssumeRole",\
            "Condition":{"StringEquals":{"sts:ExternalId":"%s"}}}]}"""
                .formatted(PRINCIPAL, externalId));
    assertThat(aws.calls()).extracting(Call::action).containsOnly("AssumeRole");
  }

  /** A role without a condition could be used by every workspace that knows its ARN. */
  @Test
  void refusesARoleThatTakesAnyExternalId() {
    aws.on("AssumeRole", (call, exchange) -> IamStandIn.role());

    Fault fault = fault(WORKSPACE, cluster(ROLE, null));

    assertThat(fault.code()).isEqualTo("role_unprotected");
    assertThat(textOf(fault)).contains("\"sts:ExternalId\":\"wsp_1\"");
    assertThat(aws.calls()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws:iam::210987654321:role/reader, true",
    "arn:aws:iam::210987654321:role/*, true",
    "arn:aws:iam::?10987654321:role/reader, true",
    "arn:aws:iam::210987654321:role/read, false",
    "arn:aws:iam::210987654321:role/.*, false",
    "arn:aws:iam::999987654321:role/*, false"
  })
  void asksNobodyForARoleThatTheOperatorHasNotOpened(String opened, boolean isTaken)
      throws CheckFailed {
    if (isTaken) {
      assertThat(login(WORKSPACE, cluster(ROLE, null), List.of(opened), Set.of())).isNotNull();
    } else {
      CheckFailed failed =
          catchThrowableOfType(
              CheckFailed.class,
              () -> login(WORKSPACE, cluster(ROLE, null), List.of(opened), Set.of()));
      assertThat(failed.fault().code()).isEqualTo("role_closed");
      assertThat(aws.calls()).isEmpty();
    }
  }

  @Test
  void usesOurOwnRightsForTheWorkspacesThatTheOperatorNames() throws CheckFailed {
    login("wsp_own", cluster(null, null));

    assertThat(aws.calls())
        .singleElement()
        .extracting(Call::action, Call::accessKey)
        .containsExactly("GetClusterCredentials", IamStandIn.OUR_KEY);
  }

  @ParameterizedTest
  @CsvSource({
    "wsp_1, shop.abc123.eu-west-1.redshift.amazonaws.com, verify-full, role_needed",
    "wsp_own, db.example.com, verify-full, host_not_allowed",
    "wsp_own, shop.abc123.eu-west-1.redshift.amazonaws.com.evil.net, verify-full, host_not_allowed",
    "wsp_own, shop.abc123.eu-west-1.redshift.amazonaws.com, require, host_not_allowed"
  })
  void keepsOurOwnRightsFromOtherWorkspacesAndServers(
      String workspace, String host, String sslMode, String code) {
    Fault fault = fault(workspace, settings(host, sslMode, CLUSTER, null, null, null));

    assertThat(fault.code()).isEqualTo(code);
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void tellsAClusterAndAWorkgroupThatAreNotThere() {
    RedshiftSettings other = settings(HOST, "verify-full", "other", null, ROLE, null);

    assertThat(fault(WORKSPACE, other).code()).isEqualTo("unknown_cluster");
    assertThat(fault(WORKSPACE, workgroup("other")).code()).isEqualTo("unknown_workgroup");
  }

  @Test
  void saysWhichPolicyTheRoleNeeds() {
    aws.on(
        "GetClusterCredentials",
        (call, exchange) -> error(403, "AccessDenied", PRIVATE_TEXT + " arn:aws:sts::1:x"));
    aws.on(
        "RedshiftServerless.GetCredentials",
        (call, exchange) -> Answer.json(400, "{\"__type\":\"AccessDeniedException\"}"));

    Fault cluster = fault(WORKSPACE, cluster(ROLE, null));
    assertThat(cluster.code()).isEqualTo("iam_denied");
    assertThat(textOf(cluster))
        .contains(ROLE, "\"redshift:GetClusterCredentials\"", ":dbuser:shop/reader\"");
    Fault workgroup = fault(WORKSPACE, workgroup(WORKGROUP));
    assertThat(workgroup.code()).isEqualTo("iam_denied");
    assertThat(textOf(workgroup))
        .contains(
            "\"redshift-serverless:GetCredentials\"",
            "\"arn:aws:redshift-serverless:eu-west-1:210987654321:workgroup/*\"");
    assertThat(textOf(fault("wsp_own", cluster(null, null)))).contains("RedshiftResources");
  }

  static Stream<Arguments> badAnswers() {
    return Stream.of(
        arguments("iam_throttled", answers(error(400, "Throttling", PRIVATE_TEXT))),
        arguments("iam_failed", answers(error(403, "ExpiredToken", PRIVATE_TEXT))),
        arguments("iam_failed", answers(error(403, "SignatureDoesNotMatch", PRIVATE_TEXT))),
        arguments("iam_failed", answers(error(500, "InternalFailure", PRIVATE_TEXT))),
        arguments("iam_failed", answers(Answer.xml(502, PRIVATE_TEXT))),
        arguments("iam_failed", redirect("http://169.254.169.254/latest/meta-data")),
        arguments("iam_unavailable", answers(Answer.xml(200, "<a>" + PRIVATE_TEXT))),
        arguments("iam_failed", answers(Answer.xml(200, ""))),
        arguments("iam_failed", answers(Answer.xml(200, "<A/>"))),
        arguments("iam_unavailable", answers(Answer.xml(200, bomb()))),
        arguments("iam_unavailable", answers(Answer.xml(200, external()))),
        arguments("iam_unavailable", answers(IamStandIn.cluster("u".repeat(70_000), "p"))),
        arguments("iam_unavailable", (Answering) IamLoginsTest::flood));
  }

  private static Answering answers(Answer answer) {
    return (call, exchange) -> answer;
  }

  private static Answering redirect(String location) {
    return answers(new Answer(307, "text/xml", "", location));
  }

  private static String bomb() {
    StringBuilder text = new StringBuilder("<!DOCTYPE a [<!ENTITY a0 \"" + PRIVATE_TEXT + "\">");
    for (int i = 1; i < 30; i++) {
      text.append("<!ENTITY a%d \"&a%d;&a%d;\">".formatted(i, i - 1, i - 1));
    }
    return text
        + "]><A><GetClusterCredentialsResult><DbUser>&a29;</DbUser></GetClusterCredentialsResult></A>";
  }

  private static String external() {
    return "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><A><GetClusterCredentialsResult>"
        + "<DbUser>&x;</DbUser><DbPassword>p</DbPassword></GetClusterCredentialsResult></A>";
  }

  // Until somebody closes the connection.
  private static @Nullable Answer flood(Call call, HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write("<A>".getBytes(US_ASCII));
    byte[] some = "<B>x</B>".repeat(1000).getBytes(US_ASCII);
    while (true) {
      exchange.getResponseBody().write(some);
    }
  }

  @ParameterizedTest
  @MethodSource("badAnswers")
  void takesNoAnswerThatIsNone(String code, Answering answering) {
    aws.on("GetClusterCredentials", answering);

    assertThat(fault(WORKSPACE, cluster(ROLE, null)).code()).isEqualTo(code);
  }

  @ParameterizedTest
  @MethodSource("badAnswers")
  void takesNoAnswerOfStsThatIsNone(String code, Answering answering) {
    aws.on(
        "AssumeRole",
        (call, exchange) ->
            call.field("ExternalId").equals(WORKSPACE)
                ? answering.answer(call, exchange)
                : error(403, "AccessDenied", "no"));

    assertThat(fault(WORKSPACE, cluster(ROLE, null)).code()).isEqualTo(code);
  }

  @Test
  void doesNotWaitForAnAnswerForEver() {
    attempt = Duration.ofMillis(700);
    aws.on("GetClusterCredentials", this::stall);
    assertThat(fault(WORKSPACE, cluster(ROLE, null)).code()).isEqualTo("iam_unavailable");

    aws.on("AssumeRole", this::stall);
    assertThat(fault(WORKSPACE, cluster(ROLE, null)).code()).isEqualTo("iam_unavailable");
  }

  private @Nullable Answer stall(Call call, HttpExchange exchange) {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Answer.xml(200, "");
  }

  @Test
  void saysTheSameWhenNobodyListens() {
    aws.close();

    Fault fault = fault(WORKSPACE, cluster(ROLE, null));
    assertThat(fault.code()).isEqualTo("iam_unavailable");
    assertThat(textOf(fault)).contains("the endpoint of sts");
  }
}
