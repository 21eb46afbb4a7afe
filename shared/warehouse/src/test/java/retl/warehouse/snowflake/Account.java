package retl.warehouse.snowflake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import retl.core.credential.NetworkRules;
import retl.core.credential.Secret;
import retl.core.credential.SnowflakeSettings;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.query.AcceptedQuery;
import retl.core.validation.Check;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** An account that leads to a stub: names, port and TLS are those of a real one. */
final class Account {
  static final Secret PASSWORD = new Secret(Map.of("password", "p@ss w/örd?&=%"));

  static final SnowflakeSettings SETTINGS = settings("password", "reader", null);

  private final SnowflakeStub stub;
  private final Warehouses warehouses;

  Account(SnowflakeStub stub) {
    Driver.load();
    this.stub = stub;
    this.warehouses = warehouses(leadingTo(stub.port()), NetworkRules.LOCAL);
  }

  static SnowflakeSettings settings(
      String authentication, @Nullable String role, @Nullable String schema) {
    return new SnowflakeSettings(
        "myorg-my_account",
        "etl@example.com",
        role,
        "loading",
        "shop",
        schema,
        authentication,
        "_RUDDERSTACK");
  }

  /** Connects as in production, but for the addresses of names. */
  static SnowflakeConnector leadingTo(int port) {
    return new SnowflakeConnector(
        null,
        (host, meant) -> List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
  }

  static Warehouses warehouses(SnowflakeConnector connector, NetworkRules rules) {
    return new Warehouses(List.of(connector), rules, Clock.systemUTC());
  }

  SnowflakeStub stub() {
    return stub;
  }

  List<Check> check(SnowflakeSettings settings, Secret secret) {
    List<Check> ended = new ArrayList<>();
    warehouses.check(TestServer.login(settings, secret), null, soon(), ended::add);
    return ended;
  }

  List<Check> checkQuery(String sql) {
    List<Check> ended = new ArrayList<>();
    warehouses.check(TestServer.login(SETTINGS, PASSWORD), accepted(sql), soon(), ended::add);
    return ended;
  }

  Outcome preview(String sql, int limit) {
    return preview(accepted(sql), limit, Duration.ofSeconds(60));
  }

  Outcome preview(AcceptedQuery query, int limit, Duration time) {
    return run(query, new Preview.Wanted.Rows(limit), time);
  }

  Outcome run(String sql, Preview.Wanted wanted) {
    return run(accepted(sql), wanted, Duration.ofSeconds(60));
  }

  private Outcome run(AcceptedQuery query, Preview.Wanted wanted, Duration time) {
    return warehouses.run(
        TestServer.login(SETTINGS, PASSWORD), query, wanted, Instant.now().plus(time), () -> false);
  }

  static AcceptedQuery accepted(String sql) {
    return Query.accepted(sql, Warehouse.SNOWFLAKE);
  }

  /** A deadline that no test here should reach. */
  static Instant soon() {
    return Instant.now().plusSeconds(60);
  }

  // The driver's classes take seconds to load the first time, which is no part of what is tested.
  // Not in the account's own initializer: the proxy's thread needs the account, and would wait.
  private static final class Driver {
    static {
      try (SnowflakeStub stub = SnowflakeStub.withTls()) {
        warehouses(leadingTo(stub.port()), NetworkRules.LOCAL)
            .check(TestServer.login(SETTINGS, PASSWORD), null, soon(), check -> {});
      }
    }

    static void load() {
      // The first call runs the initializer above.
    }
  }

  static Outcome.Rows rows(Outcome outcome) {
    return TestServer.rows(outcome);
  }

  static Preview.Failure failure(Outcome outcome) {
    return TestServer.failure(outcome);
  }
}
