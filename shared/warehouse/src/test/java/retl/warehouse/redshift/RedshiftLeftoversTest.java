package retl.warehouse.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import retl.core.credential.NetworkRules;
import retl.core.credential.RedshiftSettings;
import retl.core.credential.Secret;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Leftovers;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;

/** What runs leave behind in the JVM, each with temporary credentials of its own. */
@Isolated("It counts what is in the JVM.")
@ExtendWith(RedshiftServer.Shared.class)
class RedshiftLeftoversTest {
  private final RedshiftServer redshift;

  RedshiftLeftoversTest(RedshiftServer redshift) {
    this.redshift = redshift;
  }

  @Test
  void leavesNoThreadsSocketsAndMemory() throws Exception {
    String password = TestServer.secret().required("password");
    try (SdkHttpClient http = AwsCrtHttpClient.builder().build();
        IamStandIn aws = new IamStandIn("ws1"::equals, RedshiftServer.READER, password)) {
      Iam iam = aws.iam(http, List.of(IamStandIn.ROLE), Set.of());
      Warehouses warehouses =
          new Warehouses(
              List.of(new RedshiftConnector(iam)), NetworkRules.LOCAL, Clock.systemUTC());

      Leftovers.areFew(
          "redshift",
          () -> {
            aws.calls().clear();
            return run(warehouses);
          });
    }
  }

  private Outcome run(Warehouses warehouses) {
    RedshiftSettings settings =
        IamStandIn.settings(
            "localhost",
            redshift.port(),
            "postgres",
            "verify-full",
            IamStandIn.CLUSTER,
            null,
            "eu-west-1",
            IamStandIn.ROLE,
            null);
    Outcome.Rows outcome =
        TestServer.rows(
            warehouses.run(
                TestServer.login(settings, new Secret(Map.of())),
                new Query("SELECT 1", Warehouse.REDSHIFT),
                new Preview.Wanted.Rows(10),
                TestServer.soon(),
                () -> false));
    assertThat(outcome.rows()).hasSize(1);
    return outcome;
  }
}
