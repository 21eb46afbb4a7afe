package retl.warehouse.snowflake;

import static retl.warehouse.snowflake.SnowflakeStub.column;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import net.snowflake.client.api.driver.SnowflakeDriver;
import net.snowflake.client.internal.api.implementation.connection.SnowflakeConnectionImpl;
import org.junit.jupiter.api.Test;
import retl.core.query.AcceptedQuery;
import retl.warehouse.AddressRules;
import retl.warehouse.Figures;
import retl.warehouse.SocketGuard;
import retl.warehouse.TestServer;

/** Figures of Snowflake's driver on the stub; {@code benchmarks/warehouses} runs it. */
class SnowflakeFigures {
  private final Figures figures = new Figures("Snowflake");

  @Test
  void previews() throws Exception {
    try (SnowflakeStub stub = SnowflakeStub.withTls()) {
      answer(stub, Figures.ROWS, 8);
      Account account = new Account(stub);
      AcceptedQuery query = Account.accepted(Figures.NARROW);
      DriverProxy proxy =
          new DriverProxy(
              (host, port) ->
                  List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), stub.port())));
      figures.previews(
          () -> {
            stub.forgetCalls();
            return Account.rows(account.preview(query, Figures.ROWS, Duration.ofSeconds(60)));
          },
          () -> bare(proxy, query.preview(Figures.ROWS + 1).sql()));
    }
  }

  @Test
  void memory() throws Exception {
    try (SnowflakeStub stub = SnowflakeStub.withTls()) {
      answer(stub, 1000, 1000);
      Account account = new Account(stub);
      figures.memory(
          () -> {
            stub.forgetCalls();
            return Account.rows(account.preview(Figures.WIDE, 1000));
          });
    }
  }

  @Test
  void firstConnections() throws Exception {
    try (SnowflakeStub stub = SnowflakeStub.withoutTls()) {
      figures.firstConnections(SnowflakeFigures.class, stub.port());
    }
  }

  // The same properties and the same way out.
  private static int bare(DriverProxy proxy, String sql) throws Exception {
    Reach reach = Reach.of(Account.SETTINGS);
    try (DriverProxy.Lease lease = proxy.lease(reach, guard())) {
      Properties properties =
          new LoginProperties(
                  Account.SETTINGS, Account.PASSWORD, reach, lease.port(), Duration.ofSeconds(60))
              .verified();
      return Figures.read(new SnowflakeConnectionImpl(reach.url(), properties), sql);
    }
  }

  private static SocketGuard guard() {
    return new SocketGuard(
        new AddressRules(true), Clock.systemUTC(), Instant.now().plusSeconds(60));
  }

  /** In a JVM of its own: the first connection with our settings, or with the driver's. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[1]);
    Properties login = new Properties();
    login.setProperty("account", Account.SETTINGS.account());
    login.setProperty("user", Account.SETTINGS.user());
    login.setProperty("password", Account.PASSWORD.required("password"));
    login.setProperty("ssl", "off");
    Figures.connected(
        arguments[0].equals("ours")
            ? () ->
                SnowflakeConnector.to("127.0.0.1", port)
                    .open(
                        TestServer.login(Account.SETTINGS, Account.PASSWORD),
                        guard(),
                        Duration.ofSeconds(60))
            : () -> new SnowflakeDriver().connect("jdbc:snowflake://127.0.0.1:" + port, login));
  }

  private static void answer(SnowflakeStub stub, int rows, int columns) {
    List<Map<String, Object>> names = new ArrayList<>();
    List<String> row = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      names.add(column("C" + i, "text"));
      row.add(Figures.VALUE);
    }
    SnowflakeStub.Answer answer = stub.result(names, Collections.nCopies(rows, row));
    stub.on("LIMIT", call -> answer);
  }
}
