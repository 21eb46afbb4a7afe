package retl.warehouse;

import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;
import retl.core.credential.NetworkRules;
import retl.core.credential.PostgresSettings;
import retl.core.credential.RedshiftSettings;
import retl.core.credential.Secret;
import retl.core.credential.Settings;
import retl.core.credential.SnowflakeSettings;
import retl.core.preview.QueryRunner;
import retl.core.query.AcceptedQuery;
import retl.core.validation.Check;
import retl.core.validation.CredentialChecker;
import retl.warehouse.postgres.PostgresWarehouse;

/** Every warehouse that can be connected to; the settings say which one is meant. */
public final class Warehouses implements CredentialChecker, QueryRunner {
  private final PostgresWarehouse postgres;

  public Warehouses(NetworkRules rules, Clock clock) {
    this.postgres = new PostgresWarehouse(new AddressRules(rules.loopback()), clock);
  }

  @Override
  public void check(Settings settings, Secret secret, Instant deadline, Consumer<Check> ended) {
    switch (settings) {
      case PostgresSettings s -> postgres.check(s, secret, deadline, ended);
      case RedshiftSettings s -> new NotYet(s.warehouse()).check(ended);
      case SnowflakeSettings s -> new NotYet(s.warehouse()).check(ended);
    }
  }

  @Override
  public Outcome preview(
      Settings settings, Secret secret, AcceptedQuery query, int limit, Instant deadline) {
    return switch (settings) {
      case PostgresSettings s -> postgres.preview(s, secret, query, limit, deadline);
      case RedshiftSettings s -> new NotYet(s.warehouse()).preview();
      case SnowflakeSettings s -> new NotYet(s.warehouse()).preview();
    };
  }
}
