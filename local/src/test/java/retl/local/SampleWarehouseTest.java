package retl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class SampleWarehouseTest {
  @TempDir static Path folder;
  private static SampleWarehouse warehouse;

  @BeforeAll
  static void start() throws IOException {
    Path data = folder.resolve("warehouse");
    PreparedSample.copyTo(data);
    warehouse = SampleWarehouse.start(data);
  }

  @AfterAll
  static void stop() throws IOException {
    warehouse.close();
  }

  @ParameterizedTest
  @CsvSource({
    "shop.customers,             12000",
    "shop.products,                240",
    "shop.orders,                40000",
    "product.events,             60000",
    "analytics.customer_ltv,     12000",
  })
  void theReportingUserReadsTheData(String table, long rows) throws SQLException {
    assertThat(number(SampleWarehouse.REPORTING, "SELECT count(*) FROM " + table)).isEqualTo(rows);
  }

  /** Without the times: their fractions may differ with the processor's rounding. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id, email, full_name, city, tags      | shop.customers        | 33cbe477",
        "id, customer_id, status, total        | shop.orders           | ed47f612",
        "customer_id, plan, monthly_amount     | billing.subscriptions | e57cd5db",
      })
  void theDataIsTheSameOnEveryMachine(String columns, String table, String digest)
      throws SQLException {
    String sql =
        "SELECT left(md5(string_agg(t::text, ';' ORDER BY t::text)), 8) FROM (SELECT %s FROM %s) t"
            .formatted(columns, table);

    assertThat(text(SampleWarehouse.REPORTING, sql)).isEqualTo(digest);
  }

  @Test
  void theTotalsOfOrdersAreThoseOfTheirItems() throws SQLException {
    String wrong =
        """
        SELECT count(*) FROM shop.orders o
        WHERE total <> round((SELECT sum(quantity * unit_price) FROM shop.order_items i WHERE i.order_id = o.id)
          * (1 - coalesce(discount_rate, 0)), 2)
        """;

    assertThat(number(SampleWarehouse.REPORTING, wrong)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "reporting,           UPDATE shop.orders SET total = 0",
    "reporting,           DELETE FROM shop.customers",
    "reporting,           CREATE TABLE shop.mine (n int)",
    "reporting,           CREATE TABLE public.mine (n int)",
    "reporting,           CREATE TEMP TABLE mine (n int)",
    "reporting_no_state,  CREATE TABLE _rudderstack.mine (n int)",
    "reporting_no_tables, SELECT * FROM shop.orders",
    "reporting_no_tables, CREATE TABLE _rudderstack.mine (n int)",
  })
  void itsUsersMayNotDoMore(String user, String sql) {
    assertThatThrownBy(() -> run(user, sql)).hasMessageContaining("permission denied");
  }

  @Test
  void theReportingUserHasItsStateSchema() throws SQLException {
    run(SampleWarehouse.REPORTING, "CREATE TABLE _rudderstack.mine (n int)");
    run(SampleWarehouse.REPORTING, "DROP TABLE _rudderstack.mine");
  }

  @ParameterizedTest
  @CsvSource({"postgres", "reporting", "reporting_no_state", "reporting_no_tables"})
  void nobodyIsTrustedWithoutTheRightPassword(String user) {
    assertThatThrownBy(() -> connect(user, "wrong"))
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void keepsItsPortPasswordsAndDataPastTheKillOfWhatStartedIt(@TempDir Path elsewhere)
      throws Exception {
    Path other = elsewhere.resolve("other");
    PreparedSample.copyTo(other);
    Process killed = startElsewhere(other);
    String secret = Files.readString(other.resolve("reporting.password"));
    long port = Long.parseLong(Files.readString(other.resolve("port")));
    killed.destroyForcibly().waitFor();

    try (SampleWarehouse again = SampleWarehouse.start(other)) {
      assertThat(again.secret()).isEqualTo(Map.of("password", secret));
      assertThat(again.settings()).containsEntry("port", (int) port);
    }
  }

  @Test
  void makesItsDataAnewWhenTheFirstStartDidNotFinish(@TempDir Path elsewhere) throws Exception {
    Path other = elsewhere.resolve("other");
    PreparedSample.copyTo(other);
    Files.delete(other.resolve("complete"));
    Files.writeString(other.resolve("cluster/postgresql.conf"), "half written");

    SampleWarehouse.start(other).close();

    assertThat(other.resolve("complete")).exists();
  }

  @Test
  void saysSoWhenItsPortIsTaken(@TempDir Path other) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Files.writeString(other.resolve("port"), Integer.toString(taken.getLocalPort()));

      assertThatThrownBy(() -> SampleWarehouse.start(other))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Port %s, on which the sample warehouse was made, is in use by another program",
              taken.getLocalPort());
    }
  }

  @Test
  void leavesAProcessAloneThatGotTheNumberOfADeadServer(@TempDir Path other) throws Exception {
    Path cluster = Files.createDirectories(other.resolve("cluster"));
    Path note = cluster.resolve("postmaster.pid");
    Process stranger = new ProcessBuilder("sleep", "100").start();
    try {
      Files.writeString(note, stranger.pid() + "\n" + cluster);

      StaleServer.end(cluster, other);

      assertThat(stranger.isAlive()).isTrue();
      assertThat(note).doesNotExist();
    } finally {
      stranger.destroy();
    }
  }

  /** A JVM that starts one, says so, and waits to be killed. */
  static final class Starter {
    private Starter() {}

    public static void main(String[] args) throws Exception {
      SampleWarehouse.start(Path.of(args[0]));
      System.out.println("ready");
      Thread.currentThread().join();
    }
  }

  private static Process startElsewhere(Path folder) throws IOException {
    Process process =
        new ProcessBuilder(OwnJvm.command(Starter.class, folder.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    return process;
  }

  private static long number(String user, String sql) throws SQLException {
    return Long.parseLong(text(user, sql));
  }

  private static String text(String user, String sql) throws SQLException {
    try (Connection connection = connect(user, password(user));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void run(String user, String sql) throws SQLException {
    try (Connection connection = connect(user, password(user));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String password(String user) {
    return String.valueOf(warehouse.secret(user).get("password"));
  }

  private static Connection connect(String user, String password) throws SQLException {
    Map<String, Object> settings = warehouse.settings(user);
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%s/%s"
            .formatted(settings.get("host"), settings.get("port"), settings.get("database")),
        properties);
  }
}
