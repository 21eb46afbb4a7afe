package retl.warehouse.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import retl.core.credential.NetworkRules;
import retl.core.credential.RedshiftSettings;
import retl.core.credential.Secret;
import retl.core.preview.Preview;
import retl.core.validation.Check;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;

/** Temporary credentials through the real driver. */
@ExtendWith(RedshiftServer.Shared.class)
class RedshiftIamTest {
  private static final Secret NONE = new Secret(Map.of());
  private static final String USER = "IAMR:reader";
  private static final SdkHttpClient HTTP = AwsCrtHttpClient.builder().build();

  private final RedshiftServer redshift;
  private final String password = TestServer.secret().required("password");
  private final IamStandIn aws = new IamStandIn("ws1"::equals, USER, password);
  private final Warehouses warehouses = warehouses(NetworkRules.LOCAL);

  RedshiftIamTest(RedshiftServer redshift) {
    this.redshift = redshift;
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  private Warehouses warehouses(NetworkRules rules) {
    Iam iam = aws.iam(HTTP, List.of(IamStandIn.ROLE), Set.of());
    return new Warehouses(List.of(new RedshiftConnector(iam)), rules, Clock.systemUTC());
  }

  private RedshiftSettings settings(@Nullable String cluster, @Nullable String workgroup) {
    return IamStandIn.settings(
        "localhost",
        redshift.port(),
        "postgres",
        "verify-full",
        cluster,
        workgroup,
        "eu-west-1",
        IamStandIn.ROLE,
        null);
  }

  private List<Check> check(Warehouses warehouses, RedshiftSettings settings) {
    List<Check> ended = new ArrayList<>();
    warehouses.check(TestServer.login(settings, NONE), null, TestServer.soon(), ended::add);
    assertThat(ended.toString()).doesNotContain(password, IamStandIn.SESSION_TOKEN);
    return ended;
  }

  /** What is granted is granted to the user that IAM gave, not to the one of the settings. */
  @Test
  void logsInChecksMendsAndRunsAsTheRolesOwnUser() throws SQLException {
    redshift.server().createUserOfOldDriver(USER);
    redshift.server().run("CREATE TABLE iam_table AS SELECT 7 AS a");
    RedshiftSettings settings = settings(null, IamStandIn.WORKGROUP);

    Check missing = check(warehouses, settings).getLast();
    assertThat(missing.code()).isEqualTo("state_schema_missing");
    List<String> mends = Objects.requireNonNull(missing.remedy()).sql();
    assertThat(mends.getLast()).contains("TO \"IAMR:reader\"");
    redshift.server().run(mends.toArray(String[]::new));
    redshift.server().run("GRANT SELECT ON iam_table TO \"IAMR:reader\"");

    assertThat(check(warehouses, settings))
        .extracting(Check::status)
        .containsOnly(Check.Status.PASSED);
    assertThat(
            TestServer.rows(
                    warehouses.run(
                        TestServer.login(settings, NONE),
                        Query.accepted("SELECT a FROM iam_table", Warehouse.REDSHIFT),
                        new Preview.Wanted.Rows(10),
                        TestServer.soon(),
                        () -> false))
                .rows())
        .containsExactly("[7]");
  }

  /** What mends it is a user, not another password. */
  @Test
  void saysWhatIsMissingWhereTheTemporaryPasswordIsNotTaken() throws SQLException {
    redshift.server().createUserOfOldDriver("iam_stranger");
    aws.on(
        "GetClusterCredentials",
        (call, exchange) -> IamStandIn.cluster("iam_stranger", "p4ss-of-nobody"));

    Check failed = check(warehouses, settings(IamStandIn.CLUSTER, null)).getFirst();

    assertThat(failed.code()).isEqualTo("authentication_failed");
    assertThat(Objects.requireNonNull(failed.remedy()).sql())
        .containsExactly("CREATE USER \"reader\" PASSWORD DISABLE;");
    assertThat(failed.toString()).doesNotContain("p4ss-of-nobody");
  }

  @Test
  void reportsWhatIamRefusesAsTheFirstCheck() {
    Check failed = check(warehouses, settings("other", null)).getFirst();

    assertThat(failed.name()).isEqualTo(Check.Name.CONNECTION);
    assertThat(failed.code()).isEqualTo("unknown_cluster");
  }

  @Test
  void asksForNothingWhenTheHostIsClosed() {
    Check failed =
        check(warehouses(NetworkRules.STRICT), settings(IamStandIn.CLUSTER, null)).getFirst();

    assertThat(failed.code()).isEqualTo("connection_failed");
    assertThat(aws.calls()).isEmpty();
  }
}
